// A repository's link to its git host: a token that somebody gave, as stored.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/value.hpp"

namespace mw::git_hosts {

struct Link {
    Id repository_id = 0;
    Id account_id = 0;
    std::string kind;      // "github", "gitlab", "azure_devops", "gitea"
    std::string api_url;   // without a slash at its end
    std::string git_host;  // "host[:port]": to which git may show the token
    std::string username;  // under which git shows it
    pg::Bytes sealed_token;
    pg::Bytes sealed_webhook_secret;
    std::optional<Timestamp> broken_since;  // the host refused the token
    std::optional<std::string> broken_reason;
    std::optional<Timestamp> last_used_at;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Link, (),
                      (repository_id, account_id, kind, api_url, git_host, username, sealed_token,
                       sealed_webhook_secret, broken_since, broken_reason, last_used_at, created_at,
                       updated_at))

// Under what names its secrets are sealed.
std::string token_context(Id repository_id);
std::string webhook_context(Id repository_id);

// As whom git shows a token to a host of that kind, when nobody says otherwise.
std::string default_username(std::string_view kind);

}  // namespace mw::git_hosts
