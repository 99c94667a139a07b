// What the operator allows of git hosts: MILLWRIGHT_GITHUB_* and MILLWRIGHT_GIT_HOST*
// (docs/config.md).
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/settings.hpp"
#include "infra/http/client/address_rules.hpp"
#include "infra/jwt/signer.hpp"

namespace mw::git_hosts {

// URLs have no slash at their ends.
struct GithubAppSettings {
    std::string app_id;
    std::string client_id;
    Secret client_secret;
    jwt::Signer signer;
    Secret webhook_secret;
    std::string base_url;       // for people and git: "https://github.com"
    std::string api_url;        // "https://api.github.com", "https://host/api/v3"
    std::string install_url;    // where it is installed; empty: nobody is sent there
    std::string configure_url;  // where one changes which repositories it has

    // Errors name the setting.
    static result<GithubAppSettings> from(const Settings& settings);
};

struct GitHostSettings {
    std::optional<GithubAppSettings> app;
    bool links = false;  // to hosts by a token of the repository's own
    http::AddressRules networks;

    // Errors name the setting.
    static result<GitHostSettings> from(const Settings& settings);
};

}  // namespace mw::git_hosts
