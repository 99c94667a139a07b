// A git repository of a project, as stored and as the API shows it.
#pragma once

#include <boost/describe.hpp>
#include <string>

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

}  // namespace mw::repositories
