#include "features/second_factors/second_factor_store.hpp"

namespace mw::second_factors {
namespace {

#define MW_SECOND_FACTOR                                                                         \
    "SELECT f.sealed_secret, f.confirmed_at, f.last_step, f.failures, f.blocked_until, "         \
    "(SELECT count(*)::integer FROM recovery_codes c WHERE c.user_id = f.user_id AND c.used_at " \
    "IS NULL) AS recovery_codes_left FROM second_factors f WHERE f.user_id = $1"

const pg::Query kFind{"second_factors.find", MW_SECOND_FACTOR};
const pg::Query kLock{"second_factors.lock", MW_SECOND_FACTOR " FOR UPDATE OF f"};

const pg::Query kSet{"second_factors.set", R"(
INSERT INTO second_factors (user_id, sealed_secret) VALUES ($1, $2::bytea)
ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, failures = 0,
    blocked_until = NULL, created_at = now()
WHERE second_factors.confirmed_at IS NULL)"};

const pg::Query kConfirm{"second_factors.confirm", R"(
WITH gone AS (DELETE FROM recovery_codes WHERE user_id = $1),
     made AS (INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($3::text[]))
UPDATE second_factors SET confirmed_at = now(), last_step = $2, failures = 0, blocked_until = NULL
WHERE user_id = $1)"};

const pg::Query kDelete{"second_factors.delete", "DELETE FROM second_factors WHERE user_id = $1"};

const pg::Query kRight{"second_factors.right", R"(
UPDATE second_factors SET last_step = greatest(last_step, $2), failures = 0, blocked_until = NULL
WHERE user_id = $1)"};

const pg::Query kWrong{"second_factors.wrong", R"(
UPDATE second_factors SET failures = failures + 1, blocked_until = $2 WHERE user_id = $1)"};

const pg::Query kUseRecovery{"second_factors.use_recovery", R"(
UPDATE recovery_codes SET used_at = now()
WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL)"};

}  // namespace

Awaitable<std::optional<SecondFactor>> find_second_factor(pg::Connection& connection, Id user_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, user_id));
    co_return rows.first<SecondFactor>();
}

Awaitable<std::optional<SecondFactor>> lock_second_factor(pg::Connection& tx, Id user_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kLock, user_id));
    co_return rows.first<SecondFactor>();
}

Awaitable<> set_second_factor(pg::Connection& tx, Id user_id, pg::Bytes sealed_secret) {
    MW_CO_CHECK(co_await tx.run(kSet, user_id, sealed_secret));
    co_return result<>{};
}

Awaitable<> confirm_second_factor(pg::Connection& tx, Id user_id, std::int64_t step,
                                  std::vector<std::string> recovery_hashes) {
    MW_CO_CHECK(co_await tx.run(kConfirm, user_id, step, recovery_hashes));
    co_return result<>{};
}

Awaitable<bool> delete_second_factor(pg::Connection& tx, Id user_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kDelete, user_id));
    co_return rows.affected() > 0;
}

Awaitable<> note_right_code(pg::Connection& tx, Id user_id, std::int64_t step) {
    MW_CO_CHECK(co_await tx.run(kRight, user_id, step));
    co_return result<>{};
}

Awaitable<> note_wrong_code(pg::Connection& tx, Id user_id,
                            std::optional<Timestamp> blocked_until) {
    MW_CO_CHECK(co_await tx.run(kWrong, user_id, blocked_until));
    co_return result<>{};
}

Awaitable<bool> use_recovery_code(pg::Connection& tx, Id user_id, std::string hash) {
    MW_CO_TRY(auto rows, co_await tx.run(kUseRecovery, user_id, hash));
    co_return rows.affected() > 0;
}

}  // namespace mw::second_factors
