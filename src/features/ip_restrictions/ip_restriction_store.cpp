#include "features/ip_restrictions/ip_restriction_store.hpp"

namespace mw::ip_restrictions {
namespace {

const pg::Query kEnabled{"ip_restrictions.enabled",
                         "SELECT ip_restrictions_enabled AS enabled FROM accounts WHERE id = $1"};

const pg::Query kSetEnabled{"ip_restrictions.set_enabled", R"(
UPDATE accounts SET ip_restrictions_enabled = $2, updated_at = now() WHERE id = $1)"};

// Denied is who a rule denies; where rules allow, whoever none allows.
const pg::Query kAdmit{"ip_restrictions.admit", R"(
WITH rules AS (
    SELECT type, cidr::inet AS network FROM ip_restriction_rules, unnest(cidrs) AS cidr
    WHERE account_id = $1 AND state = 1 AND id <> $3)
SELECT NOT EXISTS (SELECT 1 FROM rules WHERE type = 2 AND $2::inet <<= network)
   AND (NOT EXISTS (SELECT 1 FROM rules WHERE type = 1)
     OR EXISTS (SELECT 1 FROM rules WHERE type = 1 AND $2::inet <<= network)) AS admitted)"};

}  // namespace

boost::asio::awaitable<result<bool>> are_enabled(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kEnabled, account_id));
    co_return !rows.empty() && rows.get<bool>(0, "enabled");
}

boost::asio::awaitable<result<>> set_enabled(pg::Connection& tx, Id account_id, bool enabled) {
    MW_CO_CHECK(co_await tx.run(kSetEnabled, account_id, enabled));
    co_return result<>{};
}

boost::asio::awaitable<result<bool>> would_admit(pg::Connection& connection, Id account_id,
                                                 std::string address, Id without) {
    MW_CO_TRY(auto rows, co_await connection.run(kAdmit, account_id, address, without));
    co_return rows.get<bool>(0, "admitted");
}

}  // namespace mw::ip_restrictions
