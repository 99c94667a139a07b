// The SQL of a table whose columns are the members of a described struct.
//
// Every table has id, account_id, state (1 active, 2 deleted), created_at and updated_at.
// Statements have account_id = $1 and, where they name a row, id = $2.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "api/list_query.hpp"
#include "base/ids.hpp"
#include "infra/pg/value.hpp"

namespace mw::resources {

struct Column {
    std::string name;
    std::optional<api::FilterType> filter;  // empty: lists are neither filtered nor ordered by it
};

template <class T>
constexpr std::optional<api::FilterType> filter_type() {
    if constexpr (std::is_same_v<T, std::string>) return api::FilterType::text;
    if constexpr (std::is_same_v<T, Id>) return api::FilterType::id;
    if constexpr (std::is_same_v<T, int>) return api::FilterType::integer;
    if constexpr (std::is_same_v<T, bool>) return api::FilterType::boolean;
    if constexpr (std::is_same_v<T, Timestamp>) return api::FilterType::time;
    return std::nullopt;
}
template <class T>
struct FilterOf {
    static constexpr auto value = filter_type<T>();
};
template <class T>
struct FilterOf<std::optional<T>> {
    static constexpr auto value = filter_type<T>();
};

template <class T, class Visit>
void each_member(Visit visit) {
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
        visit);
}

template <class T>
std::vector<Column> columns_of() {
    std::vector<Column> columns;
    each_member<T>([&](auto member) {
        using Member = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
        columns.push_back({member.name, FilterOf<Member>::value});
    });
    return columns;
}

class Table {
  public:
    // `only`: SQL that holds for every row of the resource; empty: all are.
    // `rows_are_projects`: a row's own id is what lists are limited by.
    Table(std::string_view name, std::vector<Column> columns, std::string_view only = {},
          bool rows_are_projects = false);
    Table(const Table&) = delete;

    const std::string& find() const { return find_; }  // active
    const std::string& lock() const { return lock_; }  // active, held until the transaction ends
    const std::string& insert() const { return insert_; }  // $1… as `written`
    const std::string& update() const { return update_; }  // $1 account, $2 id, then `written`
    const std::string& delete_row() const { return delete_; }
    // Names of columns that insert and update set, in the order of their parameters.
    const std::vector<std::string>& inserted() const { return inserted_; }
    const std::vector<std::string>& updated() const { return updated_; }

    const api::ListSpec& list() const { return list_; }
    const std::string& name() const { return name_; }
    bool has(std::string_view column) const;

  private:
    void make_list(bool rows_are_projects);

    std::string name_;
    std::string label_;  // of the list, in logs
    std::vector<Column> columns_;
    std::vector<std::string> qualified_;  // "t.name", what filters and orders point to
    std::vector<std::string> inserted_;
    std::vector<std::string> updated_;
    std::string find_, lock_, insert_, update_, delete_;
    std::string list_select_, list_count_;
    std::vector<api::Filter> filters_;
    std::vector<api::OrderColumn> orders_;
    api::ListSpec list_{};
};

// The members' values as parameters, for the columns named.
template <class T>
std::vector<pg::Param> params_of(const T& row, const std::vector<std::string>& names) {
    std::vector<pg::Param> params;
    for (const auto& name : names)
        each_member<T>([&](auto member) {
            if (name == member.name) params.push_back(pg::to_param(row.*member.pointer));
        });
    return params;
}

}  // namespace mw::resources
