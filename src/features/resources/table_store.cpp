#include "features/resources/table_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace mw::resources {
namespace {

bool is_made_by_the_database(std::string_view column) {
    return column == "id" || column == "created_at" || column == "updated_at";
}

}  // namespace

Table::Table(std::string_view name, std::vector<Column> columns, std::string_view only,
             bool rows_are_projects)
    : name_(name), label_(name_ + ".list"), columns_(std::move(columns)) {
    std::vector<std::string> names, places, changes;
    for (const auto& column : columns_) {
        names.push_back("t." + column.name);
        if (is_made_by_the_database(column.name)) continue;
        inserted_.push_back(column.name);
        places.push_back(fmt::format("${}", inserted_.size()));
        if (column.name == "account_id") continue;
        updated_.push_back(column.name);
        changes.push_back(fmt::format("{} = ${}", column.name, updated_.size() + 2));
    }
    auto all = fmt::format("{}", fmt::join(names, ", "));
    auto where =
        fmt::format("{} t WHERE t.account_id = $1{}{}", name_, only.empty() ? "" : " AND ", only);
    find_ = fmt::format("SELECT {} FROM {} AND t.id = $2 AND t.state = 1", all, where);
    lock_ = find_ + " FOR UPDATE";
    insert_ = fmt::format("INSERT INTO {} AS t ({}) VALUES ({}) RETURNING {}", name_,
                          fmt::join(inserted_, ", "), fmt::join(places, ", "), all);
    update_ = fmt::format(
        "UPDATE {} t SET {}, updated_at = now() WHERE t.account_id = $1 AND t.id = $2 "
        "RETURNING {}",
        name_, fmt::join(changes, ", "), all);
    delete_ = fmt::format(
        "UPDATE {} t SET state = 2, updated_at = now() WHERE t.account_id = $1 AND t.id = $2 "
        "RETURNING {}",
        name_, all);
    list_select_ = fmt::format("SELECT {} FROM {}", all, where);
    list_count_ = fmt::format("SELECT count(*) AS total FROM {}", where);
    make_list(rows_are_projects);
}

void Table::make_list(bool rows_are_projects) {
    qualified_.reserve(columns_.size());  // filters and orders point into it
    for (const auto& column : columns_) {
        const auto& sql = qualified_.emplace_back("t." + column.name);
        if (!column.filter || column.name == "state" || column.name == "account_id") continue;
        filters_.push_back({column.name, sql, *column.filter});
        orders_.push_back({column.name, sql});
        if (column.name == "id") filters_.push_back({"pk", sql, *column.filter});
    }
    list_ = {.name = label_.c_str(),
             .select = list_select_,
             .count = list_count_,
             .filters = filters_,
             .orders = orders_,
             .default_order = "id",
             .project_sql = rows_are_projects   ? "t.id"
                            : has("project_id") ? "t.project_id"
                                                : "",
             .state_sql = "t.state",
             .default_state = api::DefaultState::active};
}

bool Table::has(std::string_view column) const {
    return std::ranges::any_of(columns_, [&](const auto& each) { return each.name == column; });
}

}  // namespace mw::resources
