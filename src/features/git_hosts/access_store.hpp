// What is known of how a repository's host is reached, in the database.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "features/git_hosts/awaitable.hpp"
#include "infra/pg/pool.hpp"

namespace mw::git_hosts {

// Links and installations that the account has switched off are not there.
struct Access {
    Id repository_id = 0;
    Id account_id = 0;
    std::string remote_url;
    std::string git_clone_strategy;
    std::optional<Id> installation_id;  // of the GitHub App; one that the account works with
    std::optional<std::string> installation_login;
    bool is_suspended = false;
    std::optional<std::string> kind;  // of the link
    std::optional<std::string> api_url;
    std::optional<std::string> git_host;
    std::optional<std::string> username;
    std::optional<pg::Bytes> sealed_token;
};
BOOST_DESCRIBE_STRUCT(Access, (),
                      (repository_id, account_id, remote_url, git_clone_strategy, installation_id,
                       installation_login, is_suspended, kind, api_url, git_host, username,
                       sealed_token))

// Nothing for a repository that is not there or is kept here.
Awaitable<std::optional<Access>> find_access(pg::Connection& connection, Id repository_id);

}  // namespace mw::git_hosts
