#include "features/git_hosts/connect_attempt.hpp"

#include <fmt/format.h>

#include "base/described_json.hpp"
#include "base/json_reader.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/sealed_json.hpp"
#include "infra/http/server/cookie.hpp"

namespace mw::git_hosts {
namespace {

using namespace std::chrono_literals;

constexpr auto kLife = 30min;
constexpr std::string_view kCookie = "millwright_git_host";
constexpr std::string_view kContext = "git_hosts:connect";

std::int64_t seconds_of(Timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

// GitHub sends the browser back by a link, which Lax lets the cookie go with.
std::string cookie(std::string_view value, std::chrono::seconds life) {
    return fmt::format("{}={}; Path=/complete; Max-Age={}; HttpOnly; Secure; SameSite=Lax", kCookie,
                       value, life.count());
}

}  // namespace

ConnectAttempt begin_connect(Id account_id, Id user_id, Timestamp at) {
    return {.account_id = account_id,
            .user_id = user_id,
            .state = crypto::random_token(""),
            .installation_id = 0,
            .ends_at = seconds_of(at + kLife)};
}

std::string connect_cookie(const ConnectAttempt& attempt, const crypto::Sealer& sealer) {
    auto sealed = crypto::seal_json(sealer, described_to_json(attempt), kContext);
    return cookie(crypto::base64url_encode(sealed), kLife);
}

std::string ended_connect_cookie() {
    return cookie("", 0s);
}

std::optional<ConnectAttempt> connect_of(const http::Request& request, const crypto::Sealer& sealer,
                                         Timestamp at) {
    auto sealed = crypto::base64url_decode(http::cookie_value(request, kCookie));
    if (!sealed || sealed->empty()) return std::nullopt;
    auto opened = crypto::open_json(sealer, *sealed, kContext);
    if (!opened) return std::nullopt;
    ConnectAttempt attempt;
    boost::json::value value(std::move(*opened));
    JsonReader in(value);
    in.required("account_id", attempt.account_id);
    in.required("user_id", attempt.user_id);
    in.required("state", attempt.state);
    in.keep("installation_id", attempt.installation_id);
    in.required("ends_at", attempt.ends_at);
    if (!in.finish() || seconds_of(at) > attempt.ends_at) return std::nullopt;
    return attempt;
}

}  // namespace mw::git_hosts
