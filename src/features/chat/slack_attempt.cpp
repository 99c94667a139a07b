#include "features/chat/slack_attempt.hpp"

#include <fmt/format.h>

#include <boost/url/url.hpp>

#include "base/described_json.hpp"
#include "base/json_reader.hpp"
#include "features/chat/slack_client.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/sealed_json.hpp"
#include "infra/http/server/cookie.hpp"

namespace mw::chat {
namespace {

using namespace std::chrono_literals;

constexpr auto kLife = 10min;
constexpr std::string_view kCookie = "millwright_slack";
constexpr std::string_view kContext = "chat:slack_attempt";

std::int64_t seconds_of(Timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::string cookie(std::string_view value, std::chrono::seconds life) {
    return fmt::format("{}={}; Path=/complete; Max-Age={}; HttpOnly; Secure; SameSite=Lax", kCookie,
                       value, life.count());
}

}  // namespace

SlackAttempt begin_slack_attempt(Id account_id, Id user_id, Timestamp at) {
    return {.account_id = account_id,
            .user_id = user_id,
            .state = crypto::random_token(""),
            .ends_at = seconds_of(at + kLife)};
}

std::string slack_attempt_cookie(const SlackAttempt& attempt, const crypto::Sealer& sealer) {
    auto sealed = crypto::seal_json(sealer, described_to_json(attempt), kContext);
    return cookie(crypto::base64url_encode(sealed), kLife);
}

std::string ended_slack_attempt_cookie() {
    return cookie("", 0s);
}

std::optional<SlackAttempt> slack_attempt_of(const http::Request& request,
                                             const crypto::Sealer& sealer, Timestamp at) {
    auto sealed = crypto::base64url_decode(http::cookie_value(request, kCookie));
    if (!sealed || sealed->empty()) return std::nullopt;
    auto opened = crypto::open_json(sealer, *sealed, kContext);
    if (!opened) return std::nullopt;
    SlackAttempt attempt;
    boost::json::value value(std::move(*opened));
    JsonReader in(value);
    in.required("account_id", attempt.account_id);
    in.required("user_id", attempt.user_id);
    in.required("state", attempt.state);
    in.required("ends_at", attempt.ends_at);
    if (!in.finish() || seconds_of(at) > attempt.ends_at) return std::nullopt;
    return attempt;
}

std::string slack_redirect_uri(std::string_view public_url) {
    return fmt::format("{}/complete/slack", public_url);
}

std::string slack_authorize_url(const SlackSettings& settings, const SlackAttempt& attempt,
                                std::string_view public_url) {
    boost::urls::url url("https://slack.com/oauth/v2/authorize");
    auto params = url.params();
    params.set("client_id", settings.client_id);
    params.set("scope", kSlackScopes);
    params.set("redirect_uri", slack_redirect_uri(public_url));
    params.set("state", attempt.state);
    return std::string(url.buffer());
}

}  // namespace mw::chat
