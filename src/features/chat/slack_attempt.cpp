#include "features/chat/slack_attempt.hpp"

#include <fmt/format.h>

#include <boost/url/url.hpp>

#include "api/sealed_cookie.hpp"
#include "base/described_json.hpp"
#include "base/json_reader.hpp"
#include "features/chat/slack_client.hpp"
#include "infra/crypto/random.hpp"

namespace mw::chat {
namespace {

using namespace std::chrono_literals;

constexpr api::SealedCookie kCookie{"millwright_slack", "chat:slack_attempt", 10min,
                                    api::SealedCookie::SameSite::lax};

}  // namespace

SlackAttempt begin_slack_attempt(Id account_id, Id user_id) {
    return {.account_id = account_id, .user_id = user_id, .state = crypto::random_token("")};
}

std::string slack_attempt_cookie(const SlackAttempt& attempt, const crypto::Sealer& sealer,
                                 Timestamp at) {
    return kCookie.with(described_to_json(attempt), sealer, at);
}

std::string ended_slack_attempt_cookie() {
    return kCookie.without();
}

std::optional<SlackAttempt> slack_attempt_of(const http::Request& request,
                                             const crypto::Sealer& sealer, Timestamp at) {
    auto opened = kCookie.read(request, sealer, at);
    if (!opened) return std::nullopt;
    SlackAttempt attempt;
    boost::json::value value(std::move(*opened));
    JsonReader in(value);
    in.required("account_id", attempt.account_id);
    in.required("user_id", attempt.user_id);
    in.required("state", attempt.state);
    if (!in.finish()) return std::nullopt;
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
