#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "features/resources/reference_store.hpp"

namespace mw::resources {
namespace {

// Whose rows belong to a project.
constexpr std::array kOfProject = {"credentials", "environments", "extended_attributes",
                                   "jobs",        "profiles",     "repositories"};

}  // namespace

boost::asio::awaitable<result<>> check_reference(pg::Connection& tx, std::string field,
                                                 std::string_view table, Id account_id,
                                                 std::optional<Id> project_id, Id id) {
    bool of_project = std::ranges::find(kOfProject, table) != kOfProject.end();
    auto sql = fmt::format(
        "SELECT {} AS project FROM {} WHERE account_id = $1 AND id = $2 AND "
        "state = 1 FOR KEY SHARE",
        of_project ? "project_id" : "NULL::bigint", table);
    MW_CO_TRY(auto rows, co_await tx.run_text("resources.reference", sql,
                                              {pg::to_param(account_id), pg::to_param(id)}));
    if (rows.empty()) co_return fail_field(std::move(field), "there is nothing with this id");
    if (of_project && project_id && !rows.is_null(0, "project") &&
        rows.get<Id>(0, "project") != *project_id)
        co_return fail_field(std::move(field), "belongs to another project");
    co_return result<>{};
}

}  // namespace mw::resources
