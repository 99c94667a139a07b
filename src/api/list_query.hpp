// What a list endpoint is asked: page, order, filters, related objects; and the SQL for it.
//
// Clients spell lists in many ways (contract 3.3): `status__in=[1,2]`, `["a","b"]`, repeated
// keys, `a,b`, `[adapter]`, `['job']`. All are read. Unknown parameters are ignored.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/grants.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "infra/http/server/message.hpp"
#include "infra/pg/value.hpp"

namespace mw::api {

// Splits any of the spellings of a list parameter.
std::vector<std::string> parse_list_parameter(std::string_view text);

// Values of `include_related`, from every spelling and every repetition.
std::set<std::string> included_related(const http::Request& request);

enum class FilterType { id, integer, text, boolean, time };

// A column by which a list may be filtered, with __in, __gt, __lt, __gte, __lte, __range and
// (text) __icontains besides plain equality.
struct Filter {
    std::string_view name;
    std::string_view sql;  // the column's expression
    FilterType type;
};

struct OrderColumn {
    std::string_view name;
    std::string_view sql;
    // Where it may not, an index serves both ways: "nulls last" is not an index's own order.
    bool may_be_null = true;
};

// Numbers of rows that are kept, so that they need not be counted: for all rows, and for those with
// the same value in some columns. The deepest level of the columns that a list is filtered by tells
// its total.
struct SumLevel {
    std::string_view column;  // as filters spell it
    int level = 0;
};
struct Sums {
    std::string_view sql;  // "SELECT … AS total FROM … WHERE t.level = {} AND t.account_id = $1"
    std::span<const SumLevel> levels;
};

// Which rows a list shows if `state` is not asked for (contract 3.3).
enum class DefaultState { active, all };

// A list endpoint's SQL, declared once in the feature's store.
struct ListSpec {
    const char* name;
    std::string_view select;  // "SELECT … FROM … WHERE t.account_id = $1"
    std::string_view count;   // "SELECT count(*) AS total FROM … WHERE t.account_id = $1"
    std::span<const Filter> filters;
    std::span<const OrderColumn> orders;
    std::string_view default_order;  // as in the query string: "id", "-id"
    std::string_view project_sql;    // whose project; empty: rows are the account's own
    std::string_view state_sql;      // empty: rows have no state
    DefaultState default_state = DefaultState::active;
    // For large tables, what chooses the rows of a page before anything is joined to them, and then
    // stands before `select`: "WITH page AS (SELECT t.id FROM … WHERE t.account_id = $1{})".
    std::string_view page = {};
    const Sums* sums = nullptr;
};

struct ListQuery {
    std::int64_t limit = 100;
    std::int64_t offset = 0;
    std::string order_by;
    std::set<std::string> include_related;
    boost::json::object shown_filters;  // as the envelope repeats them

    std::string where_sql;  // " AND …", parameters from $2 on
    std::string order_sql;  // " ORDER BY …"
    std::vector<pg::Param> params;
    std::set<std::string_view> filtered_columns;  // as filters spell them

    // Rows of these projects only; of a list without projects, all.
    void limit_to(const ListSpec& spec, const Grants::Projects& projects);

    std::string select_sql(const ListSpec& spec) const;
    std::string count_sql(const ListSpec& spec) const;
};

// Reads and checks a request; a bad value is an error that names the parameter.
result<ListQuery> parse_list_query(const http::Request& request, const ListSpec& spec);

}  // namespace mw::api
