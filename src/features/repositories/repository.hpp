// A git repository of a project, as stored and as the API shows it.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/value.hpp"

namespace mw::repositories {

struct Repository {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::string remote_url;
    std::string git_clone_strategy = "git_token";
    std::optional<std::string> deploy_public_key;
    std::optional<pg::Bytes> sealed_deploy_key;
    std::optional<std::string> pull_request_url_template;
    std::optional<Id> github_installation_id;
    std::optional<Id> gitlab_project_id;
    std::optional<std::string> private_link_endpoint_id;
    std::optional<std::string> managed_name;  // of one that is kept here; remote_url is empty then
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Repository, (),
                      (id, account_id, project_id, remote_url, git_clone_strategy,
                       deploy_public_key, sealed_deploy_key, pull_request_url_template,
                       github_installation_id, gitlab_project_id, private_link_endpoint_id,
                       managed_name, state, created_at, updated_at))

// Empty when git can be told to fetch from there: https, http, ssh, git, or "user@host:path". Else
// what is wrong with it.
std::string what_is_wrong_with_url(std::string_view url);

// The repository object of the contract. Shows no secret that the URL may carry. `public_url` is
// where this appliance is reached, "https://host[:port]".
boost::json::object repository_json(const Repository& repository, std::string_view public_url);

// What git is told to fetch from, without a secret.
std::string clone_url(const Repository& repository, std::string_view public_url);
// Where one that is kept here lies, below the folder of them all.
std::string managed_folder(Id id);

// Without what lets one in: "https://me:t0ken@host/shop.git" is "https://host/shop.git".
std::string url_without_secrets(std::string_view url);
// "owner/name" of wherever the URL leads, or what of it there is.
std::string full_name_of(std::string_view url);

}  // namespace mw::repositories
