#include "features/sample/sample_store.hpp"

namespace mw::sample {
namespace {

const pg::Query kFind{"sample.find", R"(
SELECT a.id AS account_id, u.id AS user_id, p.id AS project_id, e.id AS environment_id
FROM accounts a
JOIN account_members m ON m.account_id = a.id
JOIN users u ON u.id = m.user_id AND u.email = $2
LEFT JOIN projects p ON p.account_id = a.id AND p.name = $3 AND p.state = 1
LEFT JOIN environments e ON e.project_id = p.id AND e.deployment_type = 'production' AND e.state = 1
WHERE a.identifier = $1
ORDER BY p.id, e.id
LIMIT 1)"};

}  // namespace

boost::asio::awaitable<result<std::optional<LoadedSample>>> find_sample(pg::Connection& connection,
                                                                        std::string identifier,
                                                                        std::string email,
                                                                        std::string project) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, identifier, email, project));
    co_return rows.first<LoadedSample>();
}

}  // namespace mw::sample
