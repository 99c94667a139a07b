#include "features/groups/grant_input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "api/permission_sets.hpp"

namespace mw::groups {
namespace {

constexpr std::size_t kGrantsMax = 1000;
constexpr IntLimit kIds{1, (std::int64_t{1} << 53) - 1};

}  // namespace

void read_grant(JsonReader& in, GrantInput& grant) {
    in.required("permission_set", grant.permission_set);
    if (!grant.permission_set.empty() && !api::find_permission_set(grant.permission_set))
        in.error("permission_set",
                 fmt::format("there is no permission set {}; /api/v2/constants/ lists them",
                             grant.permission_set));
    // Clients that mean all projects send 0, null, nothing, or say so.
    bool all = false;
    in.keep("all_projects", all);
    const auto* project = in.find("project_id");
    bool none = !project || (project->is_int64() && project->get_int64() == 0);
    if (!all && !none) in.optional("project_id", grant.project_id, kIds);
    in.keep("writable_environment_categories", grant.writable_environment_categories);
    for (const auto& category : grant.writable_environment_categories) {
        auto known = api::environment_categories();
        if (std::ranges::find(known, std::string_view(category)) == known.end())
            in.error("writable_environment_categories",
                     fmt::format("{} is none of {}", category, fmt::join(known, ", ")));
    }
}

result<std::vector<GrantInput>> read_grants(const boost::json::value& list,
                                            std::string_view field) {
    std::string name(field.empty() ? "body" : field);
    if (!list.is_array()) return fail_field(name, "must be a list");
    if (list.get_array().size() > kGrantsMax)
        return fail_field(name, fmt::format("has more than {} items", kGrantsMax));
    std::vector<GrantInput> grants;
    for (std::size_t i = 0; i < list.get_array().size(); ++i) {
        JsonReader in(list.get_array()[i], fmt::format("{}[{}]", name, i));
        int state = 1;
        in.keep("state", state, {1, 2});
        GrantInput grant;
        read_grant(in, grant);
        MW_CHECK(in.finish());
        if (state == 1) grants.push_back(std::move(grant));
    }
    return grants;
}

}  // namespace mw::groups
