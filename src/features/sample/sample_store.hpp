// What of the sample is in the database already.
#pragma once

#include <boost/describe.hpp>
#include <optional>

#include "base/ids.hpp"
#include "infra/pg/pool.hpp"

namespace mw::sample {

struct LoadedSample {
    Id account_id = 0;
    Id user_id = 0;
    std::optional<Id> project_id;
    std::optional<Id> environment_id;
};
BOOST_DESCRIBE_STRUCT(LoadedSample, (), (account_id, user_id, project_id, environment_id))

// The sample's account by its identifier, with what hangs on it.
boost::asio::awaitable<result<std::optional<LoadedSample>>> find_sample(pg::Connection& connection,
                                                                        std::string identifier,
                                                                        std::string email,
                                                                        std::string project);

}  // namespace mw::sample
