#include "api/grants.hpp"

#include <algorithm>
#include <array>

namespace mw::api {
namespace {

using enum Area;

// An IT seat administers the account and sees no project, whatever its groups say.
constexpr std::array kItWrites = {account_settings, auth_provider, billing,        connections,
                                  groups,           invitations,   licenses,       members,
                                  project_create,   scim,          service_tokens, ip_restrictions};

const PermissionSet* limit_of(License license) {
    if (license == License::analyst) return find_permission_set("analyst");
    if (license == License::read_only) return find_permission_set("readonly");
    return nullptr;
}

template <class Range, class Value>
bool contains(const Range& range, const Value& value) {
    return std::ranges::find(range, value) != std::ranges::end(range);
}

std::vector<std::string> texts_of(const boost::json::value* value) {
    std::vector<std::string> texts;
    if (value && value->is_array())
        for (const auto& item : value->get_array())
            if (item.is_string()) texts.emplace_back(item.get_string());
    return texts;
}

}  // namespace

std::optional<License> parse_license(std::string_view name) {
    if (name == "developer") return License::developer;
    if (name == "analyst") return License::analyst;
    if (name == "read_only") return License::read_only;
    if (name == "it") return License::it;
    return std::nullopt;
}

Grants::Grants(std::vector<Grant> grants, License license)
    : grants_(std::move(grants)), license_(license) {
    if (license_ != License::it) return;
    static constexpr PermissionSet kIt{"it", "IT license", true, kItWrites, {}, {}};
    grants_ = {Grant{&kIt, std::nullopt, {}}};
}

Grants Grants::everything() {
    return {{Grant{find_permission_set("owner"), std::nullopt, {}}}, License::developer};
}

Grants Grants::from_json(const boost::json::value& json, License license) {
    std::vector<Grant> grants;
    if (!json.is_array()) return {};
    for (const auto& item : json.get_array()) {
        const auto* object = item.if_object();
        const auto* name = object ? object->if_contains("set") : nullptr;
        if (!name || !name->is_string()) continue;
        const auto* set = find_permission_set(std::string_view(name->get_string()));
        if (!set) continue;
        Grant grant{set, std::nullopt, texts_of(object->if_contains("categories"))};
        const auto* project = object->if_contains("project");
        if (project && project->is_int64() && !set->of_account)
            grant.project_id = project->get_int64();
        grants.push_back(std::move(grant));
    }
    return {std::move(grants), license};
}

Access Grants::access(const Grant& grant, Area area) const {
    auto access = grant.set->access(area);
    if (const auto* limit = limit_of(license_)) access = std::min(access, limit->access(area));
    return access;
}

bool Grants::may(Need need, std::optional<Id> project_id) const {
    if (need.access == Access::none) return true;
    return std::ranges::any_of(grants_, [&](const Grant& grant) {
        bool here = !grant.project_id || !project_id || *grant.project_id == *project_id;
        return here && access(grant, need.area) >= need.access;
    });
}

bool Grants::may_in(Need need, Id project_id, std::string_view environment_category) const {
    return std::ranges::any_of(grants_, [&](const Grant& grant) {
        if (grant.project_id && *grant.project_id != project_id) return false;
        if (access(grant, need.area) < need.access) return false;
        if (need.access != Access::write || !grant.set->depends_on_environment(need.area))
            return true;
        const auto& categories = grant.writable_categories;
        return categories.empty() || contains(categories, "all") ||
               contains(categories, environment_category);
    });
}

bool Grants::covers(const PermissionSet& set, std::optional<Id> project_id) const {
    if (set.of_account) project_id.reset();
    for (std::size_t i = 0; i < kAreas; ++i) {
        Need need{static_cast<Area>(i), set.access(static_cast<Area>(i))};
        if (need.access == Access::none) continue;
        bool had = std::ranges::any_of(grants_, [&](const Grant& grant) {
            bool here = !grant.project_id || grant.project_id == project_id;
            return here && access(grant, need.area) >= need.access;
        });
        if (!had) return false;
    }
    return true;
}

Grants::Projects Grants::projects(Need need) const {
    Projects projects;
    for (const auto& grant : grants_) {
        if (access(grant, need.area) < need.access) continue;
        if (!grant.project_id)
            projects.all = true;
        else if (!contains(projects.ids, *grant.project_id))
            projects.ids.push_back(*grant.project_id);
    }
    return projects;
}

}  // namespace mw::api
