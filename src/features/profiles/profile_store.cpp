#include "features/profiles/profile_store.hpp"

namespace mw::profiles {
namespace {

const pg::Query kEnvironments{"profiles.environments", R"(
SELECT id, name, type, deployment_type FROM environments
WHERE account_id = $1 AND primary_profile_id = $2 AND state = 1 ORDER BY id)"};

const pg::Query kUsesOfAttributes{"profiles.uses_of_attributes", R"(
SELECT 'environment ' || name AS name FROM environments
WHERE account_id = $1 AND extended_attributes_id = $2 AND state = 1
UNION ALL
SELECT 'profile ' || key FROM profiles
WHERE account_id = $1 AND extended_attributes_id = $2 AND state = 1)"};

}  // namespace

boost::asio::awaitable<result<std::vector<Binding>>> environments_of_profile(
    pg::Connection& connection, Id account_id, Id profile_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kEnvironments, account_id, profile_id));
    co_return rows.all<Binding>();
}

boost::asio::awaitable<result<std::vector<std::string>>> uses_of_attributes(
    pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kUsesOfAttributes, account_id, id));
    co_return rows.column<std::string>("name");
}

}  // namespace mw::profiles
