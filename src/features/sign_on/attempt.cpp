#include "features/sign_on/attempt.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/described_json.hpp"
#include "base/json_reader.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/sealed_json.hpp"
#include "infra/http/server/cookie.hpp"

namespace mw::sign_on {
namespace {

using namespace std::chrono_literals;

constexpr auto kLife = 10min;
constexpr std::string_view kCookie = "millwright_sign_on";
constexpr std::string_view kContext = "sign_on:attempt";

std::int64_t seconds_of(Timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::string cookie(std::string_view value, std::chrono::seconds life) {
    return fmt::format("{}={}; Path=/complete; Max-Age={}; HttpOnly; Secure; SameSite=None",
                       kCookie, value, life.count());
}

}  // namespace

bool is_own_page(std::string_view path) {
    return path.starts_with('/') && !path.starts_with("//") && path.size() <= 2048 &&
           std::ranges::none_of(
               path, [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == '\\'; });
}

Attempt begin_attempt(Id provider_id, std::string next, Timestamp at) {
    if (!is_own_page(next)) next.clear();
    return {.provider_id = provider_id,
            .state = crypto::random_token(""),
            .nonce = crypto::random_token(""),
            .code_verifier = crypto::random_token(""),
            .request_id = {},
            .next = std::move(next),
            .ends_at = seconds_of(at + kLife)};
}

std::string attempt_cookie(const Attempt& attempt, const crypto::Sealer& sealer) {
    auto sealed = crypto::seal_json(sealer, described_to_json(attempt), kContext);
    return cookie(crypto::base64url_encode(sealed), kLife);
}

std::string ended_attempt_cookie() {
    return cookie("", 0s);
}

std::optional<Attempt> attempt_of(const http::Request& request, const crypto::Sealer& sealer,
                                  Timestamp at) {
    auto sealed = crypto::base64url_decode(http::cookie_value(request, kCookie));
    if (!sealed || sealed->empty()) return std::nullopt;
    auto opened = crypto::open_json(sealer, *sealed, kContext);
    if (!opened) return std::nullopt;
    Attempt attempt;
    boost::json::value value(std::move(*opened));
    JsonReader in(value);
    in.required("provider_id", attempt.provider_id);
    in.required("state", attempt.state);
    in.required("nonce", attempt.nonce);
    in.required("code_verifier", attempt.code_verifier);
    in.keep("request_id", attempt.request_id);
    in.keep("next", attempt.next);
    in.required("ends_at", attempt.ends_at);
    if (!in.finish() || seconds_of(at) > attempt.ends_at) return std::nullopt;
    return attempt;
}

}  // namespace mw::sign_on
