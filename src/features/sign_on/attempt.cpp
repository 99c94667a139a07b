#include "features/sign_on/attempt.hpp"

#include <algorithm>

#include "api/sealed_cookie.hpp"
#include "base/described_json.hpp"
#include "base/json_reader.hpp"
#include "infra/crypto/random.hpp"

namespace mw::sign_on {
namespace {

using namespace std::chrono_literals;

// A SAML provider comes back by a form of its own page.
constexpr api::SealedCookie kCookie{"millwright_sign_on", "sign_on:attempt", 10min,
                                    api::SealedCookie::SameSite::none};

}  // namespace

bool is_own_page(std::string_view path) {
    return path.starts_with('/') && !path.starts_with("//") && path.size() <= 2048 &&
           std::ranges::none_of(
               path, [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == '\\'; });
}

Attempt begin_attempt(Id provider_id, std::string next) {
    if (!is_own_page(next)) next.clear();
    return {.provider_id = provider_id,
            .state = crypto::random_token(""),
            .nonce = crypto::random_token(""),
            .code_verifier = crypto::random_token(""),
            .request_id = {},
            .next = std::move(next)};
}

std::string attempt_cookie(const Attempt& attempt, const crypto::Sealer& sealer, Timestamp at) {
    return kCookie.with(described_to_json(attempt), sealer, at);
}

std::string ended_attempt_cookie() {
    return kCookie.without();
}

std::optional<Attempt> attempt_of(const http::Request& request, const crypto::Sealer& sealer,
                                  Timestamp at) {
    auto opened = kCookie.read(request, sealer, at);
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
    if (!in.finish()) return std::nullopt;
    return attempt;
}

}  // namespace mw::sign_on
