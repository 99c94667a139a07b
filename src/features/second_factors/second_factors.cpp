#include "features/second_factors/second_factors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"
#include "infra/crypto/totp.hpp"

namespace mw::second_factors {
namespace {

using namespace std::chrono_literals;

constexpr int kRecoveryCodes = 10;
constexpr int kFreeFailures = 4;
constexpr std::chrono::seconds kPauseLeast = 30s;
constexpr std::chrono::seconds kPauseMost = 15min;

std::string sealing_context(Id user_id) {
    return fmt::format("second factor of user {}", user_id);
}

// As people type them: blanks, dashes and case don't matter.
std::string plain(std::string_view code) {
    std::string text;
    for (char c : code)
        if (c != ' ' && c != '-') text += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    return text;
}

// Fifty random bits: "ABCDE-FGHIJ".
std::string random_recovery_code() {
    auto text = crypto::base32(crypto::random_bytes(7)).substr(0, 10);
    return text.insert(5, "-");
}

std::string recovery_hash(std::string_view code) {
    return crypto::hash_token("recovery " + plain(code));
}

std::optional<Timestamp> pause_after(int failures, Timestamp at) {
    if (failures <= kFreeFailures) return std::nullopt;
    auto pause = kPauseLeast * (1 << std::min(failures - kFreeFailures - 1, 5));
    return at + std::min<std::chrono::seconds>(pause, kPauseMost);
}

std::unexpected<Error> conflict() {
    return fail(Errc::conflict, "There is a second factor already. Remove it first.");
}

}  // namespace

result<Secret> SecondFactors::open(Id user_id, const SecondFactor& factor) const {
    return sealer_.open(factor.sealed_secret.data, sealing_context(user_id));
}

Awaitable<Verdict> SecondFactors::check(Id user_id, std::string code) {
    co_return co_await pg::with_tx(pool_, [&](pg::Connection& tx) -> Awaitable<Verdict> {
        MW_CO_TRY(auto factor, co_await lock_second_factor(tx, user_id));
        if (!factor || !factor->confirmed_at) co_return Verdict::not_needed;
        if (code.empty()) co_return Verdict::missing;
        co_return co_await check_locked(tx, user_id, *factor, code);
    });
}

Awaitable<Verdict> SecondFactors::check_locked(pg::Connection& tx, Id user_id,
                                               const SecondFactor& factor,
                                               const std::string& code) {
    auto at = now();
    if (factor.blocked_until && *factor.blocked_until > at) {
        auto wait = std::chrono::ceil<std::chrono::seconds>(*factor.blocked_until - at);
        co_return fail(Errc::limit_exceeded,
                       fmt::format("Too many wrong codes. Try again in {} s.", wait.count()));
    }
    MW_CO_TRY(auto secret, open(user_id, factor));
    if (auto step = crypto::matching_totp_step(secret, plain(code), at, factor.last_step)) {
        MW_CO_CHECK(co_await note_right_code(tx, user_id, *step));
        co_return Verdict::right;
    }
    MW_CO_TRY(bool recovered, co_await use_recovery_code(tx, user_id, recovery_hash(code)));
    if (recovered) {
        MW_CO_CHECK(co_await note_right_code(tx, user_id, factor.last_step));
        co_return Verdict::right;
    }
    MW_CO_CHECK(co_await note_wrong_code(tx, user_id, pause_after(factor.failures + 1, at)));
    co_return Verdict::wrong;
}

Awaitable<Secret> SecondFactors::begin(Id user_id) {
    auto secret = crypto::random_totp_secret();
    auto set = [&](pg::Connection& tx) -> Awaitable<> {
        MW_CO_TRY(auto factor, co_await lock_second_factor(tx, user_id));
        if (factor && factor->confirmed_at) co_return conflict();
        co_return co_await set_second_factor(
            tx, user_id, pg::Bytes{sealer_.seal(secret, sealing_context(user_id))});
    };
    MW_CO_CHECK(co_await pg::with_tx(pool_, set));
    co_return secret;
}

Awaitable<std::vector<std::string>> SecondFactors::confirm(Id user_id, std::string code) {
    std::vector<std::string> codes;
    std::vector<std::string> hashes;
    for (int i = 0; i < kRecoveryCodes; ++i) {
        codes.push_back(random_recovery_code());
        hashes.push_back(recovery_hash(codes.back()));
    }
    auto work = [&](pg::Connection& tx) -> Awaitable<> {
        MW_CO_TRY(auto factor, co_await lock_second_factor(tx, user_id));
        if (!factor) co_return fail(Errc::not_found, "Begin with a new secret first.");
        if (factor->confirmed_at) co_return conflict();
        MW_CO_TRY(auto secret, open(user_id, *factor));
        auto step = crypto::matching_totp_step(secret, plain(code), now(), factor->last_step);
        if (!step)
            co_return fail_field("code",
                                 "is not what the app shows now. Check the clock of the device.");
        co_return co_await confirm_second_factor(tx, user_id, *step, hashes);
    };
    MW_CO_CHECK(co_await pg::with_tx(pool_, work));
    co_return codes;
}

}  // namespace mw::second_factors
