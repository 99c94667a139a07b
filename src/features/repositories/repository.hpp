// A git repository of a project, as stored and as the API shows it.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::repositories {

struct Repository {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::string remote_url;
    std::string git_clone_strategy;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Repository, (),
                      (id, account_id, project_id, remote_url, git_clone_strategy, state,
                       created_at, updated_at))

// The repository object of the contract. Shows no secret that the URL may carry.
boost::json::object repository_json(const Repository& repository);

// Without what lets one in: "https://me:t0ken@host/shop.git" is "https://host/shop.git".
std::string url_without_secrets(std::string_view url);
// "owner/name" of wherever the URL leads, or what of it there is.
std::string full_name_of(std::string_view url);

}  // namespace mw::repositories
