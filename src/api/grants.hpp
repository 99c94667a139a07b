// What one caller may do: permission sets, each for a project or for all, under a licence. Pure.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/permission_sets.hpp"
#include "base/ids.hpp"

namespace mw::api {

// What an endpoint asks of its caller.
struct Need {
    Area area = Area::account_settings;
    Access access = Access::none;  // none: whoever is signed in

    friend bool operator==(const Need&, const Need&) = default;
};
constexpr Need reads(Area area) {
    return {area, Access::read};
}
constexpr Need writes(Area area) {
    return {area, Access::write};
}
constexpr Need signed_in() {
    return {};
}

// The kinds of seats (contract 1, "Licences"): all but the developer's limit what groups give.
enum class License { developer, analyst, read_only, it };
std::optional<License> parse_license(std::string_view name);

struct Grant {
    const PermissionSet* set = nullptr;
    std::optional<Id> project_id;                  // empty: all projects
    std::vector<std::string> writable_categories;  // empty: all
};

class Grants {
  public:
    Grants() = default;
    Grants(std::vector<Grant> grants, License license);
    // For what the product does for itself, and for tests.
    static Grants everything();
    // [{"set", "project", "categories"}], as the database gives them; unknown sets give nothing.
    static Grants from_json(const boost::json::value& json, License license);

    // In this project; without one, in whatever project or in the account.
    bool may(Need need, std::optional<Id> project_id = {}) const;
    // The same where it depends on the environment: "production", "staging", "development",
    // "other".
    bool may_in(Need need, Id project_id, std::string_view environment_category) const;

    // Whether all that a set gives, there or (without a project) everywhere, is had already.
    bool covers(const PermissionSet& set, std::optional<Id> project_id) const;

    struct Projects {
        bool all = false;
        std::vector<Id> ids;
    };
    // Where a need of a project's area is met.
    Projects projects(Need need) const;

  private:
    Access access(const Grant& grant, Area area) const;

    std::vector<Grant> grants_;
    License license_ = License::developer;
};

}  // namespace mw::api
