// What the operator says of Slack and Teams: MILLWRIGHT_SLACK*, _TEAMS, _CHAT_* (docs/config.md).
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/settings.hpp"
#include "infra/http/client/address_rules.hpp"

namespace mw::chat {

enum class Service { slack, teams };
// As the database and the API spell it.
std::string name_of(Service service);

struct SlackSettings {
    std::string client_id;  // empty: workspaces are connected by a bot's token alone
    Secret client_secret;
    std::string api_url = "https://slack.com/api";
};

struct RetryRules {
    int attempts = 5;
    std::chrono::seconds first_pause{30};  // four times as long after each
};

struct ChatSettings {
    std::optional<SlackSettings> slack;  // empty: off
    bool teams = false;
    http::AddressRules networks = {};  // where besides the public internet Teams may be
    RetryRules retries = {};

    // Errors name the setting.
    static result<ChatSettings> from(const Settings& settings);

    bool has(Service service) const {
        return service == Service::slack ? slack.has_value() : teams;
    }
};

}  // namespace mw::chat
