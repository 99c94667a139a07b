#include "api/list_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>

#include "base/trimmed.hpp"

namespace mw::api {
namespace {

constexpr std::int64_t kLimitMax = 100;
constexpr std::size_t kListItemsMax = 1000;

result<std::int64_t> read_number(std::string_view parameter, std::string_view text,
                                 std::int64_t least) {
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least)
        return fail_field(
            std::string(parameter),
            fmt::format("must be a whole number of at least {}, not \"{}\"", least, text));
    return value;
}

const char* sql_type(FilterType type) {
    switch (type) {
        case FilterType::id:
            return "bigint";
        case FilterType::integer:
            return "integer";
        case FilterType::text:
            return "text";
        case FilterType::boolean:
            return "boolean";
        case FilterType::time:
            return "timestamptz";
    }
    return "text";
}

// Checks a filter's value and gives it in PostgreSQL's spelling.
result<std::string> read_value(std::string_view parameter, FilterType type, std::string_view text) {
    switch (type) {
        case FilterType::id:
        case FilterType::integer: {
            MW_TRY(auto number, read_number(parameter, text, INT32_MIN));
            return std::to_string(number);
        }
        case FilterType::boolean:
            if (text == "true" || text == "True" || text == "1") return "t";
            if (text == "false" || text == "False" || text == "0") return "f";
            return fail_field(std::string(parameter), "must be true or false");
        case FilterType::time: {
            auto at = parse_time(text);
            if (!at)
                return fail_field(std::string(parameter),
                                  fmt::format("must be a time such as 2024-05-27T10:42:16Z, not "
                                              "\"{}\"",
                                              text));
            return format_rfc3339(*at);
        }
        case FilterType::text:
            return std::string(text);
    }
    return std::string(text);
}

std::string escape_like(std::string_view text) {
    std::string escaped;
    for (char c : text) {
        if (c == '%' || c == '_' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

// Builds the query piece by piece, so that each operator is a few lines.
class Builder {
  public:
    explicit Builder(ListQuery& query) : query_(query) {}

    result<> apply(const Filter& filter, std::string_view parameter, std::string_view operation,
                   const std::vector<std::string>& values) {
        query_.filtered_columns.insert(filter.sql);
        if (operation == "in") return in(filter, parameter, values);
        if (operation == "range") return range(filter, parameter, values);
        const auto& text = values.front();
        if (operation == "icontains") {
            condition(fmt::format("{} ILIKE {}", filter.sql, param("%" + escape_like(text) + "%")));
            return {};
        }
        MW_TRY(auto value, read_value(parameter, filter.type, text));
        std::string_view sign = operation == "gt"    ? ">"
                                : operation == "gte" ? ">="
                                : operation == "lt"  ? "<"
                                : operation == "lte" ? "<="
                                                     : "=";
        condition(
            fmt::format("{} {} {}::{}", filter.sql, sign, param(value), sql_type(filter.type)));
        return {};
    }

    void condition(std::string_view sql) { query_.where_sql += fmt::format(" AND {}", sql); }

    std::string param(std::string value) {
        query_.params.emplace_back(std::move(value));
        return fmt::format("${}", query_.params.size() + 1);  // $1 is the account
    }

  private:
    result<> in(const Filter& filter, std::string_view parameter,
                const std::vector<std::string>& values) {
        std::vector<std::string> items;
        for (const auto& value : values)
            for (auto& item : parse_list_parameter(value))
                items.push_back(std::move(item));
        if (items.size() > kListItemsMax)
            return fail_field(std::string(parameter),
                              fmt::format("has more than {} items", kListItemsMax));
        std::vector<std::string> checked;
        for (const auto& item : items) {
            MW_TRY(auto value, read_value(parameter, filter.type, item));
            checked.push_back(std::move(value));
        }
        condition(fmt::format("{} = ANY({}::{}[])", filter.sql, param(*pg::to_param(checked)),
                              sql_type(filter.type)));
        return {};
    }

    result<> range(const Filter& filter, std::string_view parameter,
                   const std::vector<std::string>& values) {
        std::vector<std::string> ends;
        for (const auto& value : values)
            for (auto& item : parse_list_parameter(value))
                ends.push_back(std::move(item));
        if (ends.size() != 2)
            return fail_field(std::string(parameter), "must have a first and a last value");
        MW_TRY(auto first, read_value(parameter, filter.type, ends[0]));
        MW_TRY(auto last, read_value(parameter, filter.type, ends[1]));
        condition(fmt::format("{} BETWEEN {}::{} AND {}::{}", filter.sql, param(first),
                              sql_type(filter.type), param(last), sql_type(filter.type)));
        return {};
    }

    ListQuery& query_;
};

bool known_operation(std::string_view operation, FilterType type) {
    if (operation == "icontains") return type == FilterType::text;
    for (auto known : {"", "in", "gt", "gte", "lt", "lte", "range"})
        if (operation == known) return true;
    return false;
}

result<> read_filters(const http::Request& request, const ListSpec& spec, ListQuery& query) {
    Builder builder(query);
    std::set<std::string> done;
    for (const auto& [parameter, first_value] : request.query) {
        std::string_view name = parameter;
        auto split = name.find("__");
        auto operation = split == name.npos ? std::string_view{} : name.substr(split + 2);
        name = name.substr(0, split);
        for (const auto& filter : spec.filters) {
            if (filter.name != name || !known_operation(operation, filter.type)) continue;
            if (!done.insert(parameter).second) continue;
            std::vector<std::string> values;
            for (const auto& [key, value] : request.query)
                if (key == parameter) values.push_back(value);
            if (values.front().empty() && operation != "in") continue;
            MW_CHECK(builder.apply(filter, parameter, operation, values));
            query.shown_filters[parameter] = first_value;
        }
    }
    return {};
}

result<> read_state(const http::Request& request, const ListSpec& spec, ListQuery& query) {
    if (spec.state_sql.empty()) return {};
    auto state = request.query_value("state").value_or(
        spec.default_state == DefaultState::active ? "active" : "all");
    query.shown_filters["state"] = state;
    Builder builder(query);
    if (state == "1" || state == "active")
        builder.condition(fmt::format("{} = 1", spec.state_sql));
    else if (state == "2" || state == "deleted")
        builder.condition(fmt::format("{} = 2", spec.state_sql));
    else if (state != "all")
        return fail_field("state", "must be active, deleted, all, 1 or 2");
    return {};
}

result<> read_order(const http::Request& request, const ListSpec& spec, ListQuery& query) {
    query.order_by = request.query_value("order_by").value_or(std::string(spec.default_order));
    if (query.order_by.empty()) query.order_by = spec.default_order;
    std::string sql;
    bool ends_with_id = false;
    bool goes_down = false;
    for (const auto& item : parse_list_parameter(query.order_by)) {
        bool descending = item.starts_with('-');
        goes_down = sql.empty() ? descending : goes_down;
        auto name = descending ? item.substr(1) : item;
        const OrderColumn* found = nullptr;
        for (const auto& column : spec.orders)
            if (column.name == name) found = &column;
        if (!found)
            return fail_field("order_by", fmt::format("{} is not a field to order by", name));
        sql +=
            fmt::format("{}{}{}{}", sql.empty() ? "" : ", ", found->sql, descending ? " DESC" : "",
                        descending && found->may_be_null ? " NULLS LAST" : "");
        ends_with_id = name == "id";
    }
    // A page's edge must not move: the id settles ties.
    if (!ends_with_id && !spec.orders.empty())
        sql += fmt::format(", {}{}", spec.orders.front().sql, goes_down ? " DESC" : "");
    query.order_sql = " ORDER BY " + sql;
    return {};
}

// None where a list is filtered by what the sums do not tell apart.
std::optional<int> level_of(const Sums& sums, const std::set<std::string_view>& columns) {
    int deepest = 0;
    for (auto column : columns) {
        auto found = std::ranges::find(sums.levels, column, &SumLevel::column);
        if (found == sums.levels.end()) return std::nullopt;
        deepest = std::max(deepest, found->level);
    }
    return deepest;
}

}  // namespace

std::vector<std::string> parse_list_parameter(std::string_view text) {
    std::vector<std::string> items;
    text = trimmed(text, " ");
    boost::json::error_code error;
    auto value = boost::json::parse(text, error);
    if (!error && value.is_array()) {
        for (const auto& item : value.get_array()) {
            if (item.is_string())
                items.emplace_back(item.get_string());
            else if (item.is_int64())
                items.push_back(std::to_string(item.get_int64()));
            else if (item.is_bool())
                items.emplace_back(item.get_bool() ? "true" : "false");
        }
        return items;
    }
    text = trimmed(text, "[]() ");
    while (!text.empty()) {
        auto comma = text.find(',');
        auto item = trimmed(text.substr(0, comma), " '\"");
        if (!item.empty()) items.emplace_back(item);
        text = comma == text.npos ? std::string_view{} : text.substr(comma + 1);
    }
    return items;
}

std::set<std::string> included_related(const http::Request& request) {
    std::set<std::string> names;
    for (const auto& [key, value] : request.query)
        if (key == "include_related" || key == "include_related[]")
            for (auto& name : parse_list_parameter(value))
                names.insert(std::move(name));
    return names;
}

void ListQuery::limit_to(const ListSpec& spec, const Grants::Projects& projects) {
    if (spec.project_sql.empty() || projects.all) return;
    filtered_columns.insert(spec.project_sql);
    Builder builder(*this);
    builder.condition(fmt::format("{} = ANY({}::bigint[])", spec.project_sql,
                                  builder.param(*pg::to_param(projects.ids))));
}

std::string ListQuery::select_sql(const ListSpec& spec) const {
    auto cut = fmt::format("{}{} LIMIT {} OFFSET {}", where_sql, order_sql, limit, offset);
    if (spec.page.empty()) return fmt::format("{}{}", spec.select, cut);
    return fmt::format(fmt::runtime(spec.page), cut).append(spec.select).append(order_sql);
}

std::string ListQuery::count_sql(const ListSpec& spec) const {
    auto level = spec.sums ? level_of(*spec.sums, filtered_columns) : std::nullopt;
    if (!level) return fmt::format("{}{}", spec.count, where_sql);
    return fmt::format(fmt::runtime(spec.sums->sql), *level) + where_sql;
}

result<ListQuery> parse_list_query(const http::Request& request, const ListSpec& spec) {
    ListQuery query;
    if (auto text = request.query_value("limit"); text && !text->empty()) {
        MW_TRY(query.limit, read_number("limit", *text, 0));
        query.limit = std::min(query.limit, kLimitMax);
    }
    if (auto text = request.query_value("offset"); text && !text->empty()) {
        MW_TRY(query.offset, read_number("offset", *text, 0));
    }
    query.include_related = included_related(request);
    MW_CHECK(read_state(request, spec, query));
    MW_CHECK(read_filters(request, spec, query));
    MW_CHECK(read_order(request, spec, query));
    return query;
}

}  // namespace mw::api
