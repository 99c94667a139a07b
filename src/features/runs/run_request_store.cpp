#include "features/runs/run_request_store.hpp"

namespace mw::runs {
namespace {

const pg::Query kClaim{"run_requests.claim", R"(
INSERT INTO run_requests (account_id, key, digest) VALUES ($1, $2, $3)
ON CONFLICT (account_id, key) DO NOTHING)"};

const pg::Query kFind{"run_requests.find", R"(
SELECT digest, run_id FROM run_requests WHERE account_id = $1 AND key = $2)"};

const pg::Query kKeep{"run_requests.keep", R"(
UPDATE run_requests SET run_id = $3 WHERE account_id = $1 AND key = $2)"};

const pg::Query kDeleteOld{"run_requests.delete_old", R"(
DELETE FROM run_requests WHERE created_at < now() - make_interval(hours => $1::integer))"};

}  // namespace

Awaitable<std::optional<Id>> claim_request(pg::Connection& tx, const RunRequest& request) {
    MW_CO_TRY(auto claimed,
              co_await tx.run(kClaim, request.account_id, request.key, request.digest));
    if (claimed.affected() > 0) co_return std::nullopt;
    MW_CO_TRY(auto rows, co_await tx.run(kFind, request.account_id, request.key));
    if (rows.empty() || rows.get<std::string>(0, "digest") != request.digest)
        co_return fail(Errc::conflict,
                       "This Idempotency-Key was used for another request. Use a new key for each "
                       "run.");
    co_return rows.get<std::optional<Id>>(0, "run_id");
}

Awaitable<> keep_request(pg::Connection& tx, const RunRequest& request, Id run_id) {
    MW_CO_CHECK(co_await tx.run(kKeep, request.account_id, request.key, run_id));
    co_return result<>{};
}

Awaitable<int> delete_old_requests(pg::Pool& pool, std::chrono::hours age) {
    MW_CO_TRY(auto rows, co_await pool.run(kDeleteOld, static_cast<int>(age.count())));
    co_return static_cast<int>(rows.affected());
}

}  // namespace mw::runs
