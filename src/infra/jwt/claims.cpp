#include "infra/jwt/claims.hpp"

#include <cmath>
#include <optional>

#include "base/json_text.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::jwt::detail {
namespace {

std::unexpected<Error> refused(const char* why) {
    return fail(Errc::unauthenticated, why);
}

using Seconds = std::chrono::duration<double>;

// Seconds since 1970, perhaps with a fraction. Empty when the claim is not there.
result<std::optional<Seconds>> time_of(const boost::json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    if (!value) return std::nullopt;
    if (!value->is_number()) return refused("A time in the token is not a number");
    auto seconds = value->to_number<double>();
    if (!std::isfinite(seconds)) return refused("A time in the token is not a number");
    return Seconds(seconds);
}

result<> check_times(const boost::json::object& claims, const Expected& expected) {
    Seconds now = expected.now.time_since_epoch();
    Seconds leeway = expected.leeway;
    MW_TRY(auto expires, time_of(claims, "exp"));
    MW_TRY(auto not_before, time_of(claims, "nbf"));
    MW_TRY(auto issued, time_of(claims, "iat"));
    if (!expires) return refused("The token does not say when it expires");
    if (now >= *expires + leeway) return refused("The token has expired");
    if (not_before && now + leeway < *not_before) return refused("The token is not valid yet");
    if (issued && now + leeway < *issued)
        return refused("The token was issued in the future: is one of the two clocks wrong?");
    return {};
}

result<> check_audience(const boost::json::object& claims, const std::string& wanted) {
    const auto* audience = claims.if_contains("aud");
    if (!audience) return refused("The token does not say for whom it is");
    const auto* list = audience->if_array();
    auto is_wanted = [&](const boost::json::value& one) {
        return one.is_string() && one.get_string() == wanted;
    };
    if (list ? std::ranges::none_of(*list, is_wanted) : !is_wanted(*audience))
        return refused("The token is for another audience");
    if (list && list->size() > 1 && text_of(claims, "azp") != wanted)
        return refused("The token is for several audiences and was issued to another one");
    return {};
}

}  // namespace

result<> check_claims(const boost::json::object& claims, const Expected& expected) {
    // An empty expectation would be met by a claim that is not there.
    if (expected.issuer.empty() || expected.audience.empty())
        return fail(Errc::internal, "The token cannot be checked",
                    "jwt: no issuer or audience is expected");
    if (text_of(claims, "iss") != expected.issuer)
        return refused("The token is from another issuer");
    MW_CHECK(check_audience(claims, expected.audience));
    MW_CHECK(check_times(claims, expected));
    if (!expected.nonce) return {};
    if (expected.nonce->empty() ||
        !crypto::constant_time_equal(text_of(claims, "nonce"), *expected.nonce))
        return refused("The token does not belong to this sign-in (its nonce is another)");
    return {};
}

}  // namespace mw::jwt::detail
