#include "features/git_hosts/connect_attempt.hpp"

#include "api/sealed_cookie.hpp"
#include "base/described_json.hpp"
#include "base/json_reader.hpp"
#include "infra/crypto/random.hpp"

namespace mw::git_hosts {
namespace {

using namespace std::chrono_literals;

// GitHub sends the browser back by a link.
constexpr api::SealedCookie kCookie{"millwright_git_host", "git_hosts:connect", 30min,
                                    api::SealedCookie::SameSite::lax};

}  // namespace

ConnectAttempt begin_connect(Id account_id, Id user_id) {
    return {.account_id = account_id,
            .user_id = user_id,
            .state = crypto::random_token(""),
            .installation_id = 0};
}

std::string connect_cookie(const ConnectAttempt& attempt, const crypto::Sealer& sealer,
                           Timestamp at) {
    return kCookie.with(described_to_json(attempt), sealer, at);
}

std::string ended_connect_cookie() {
    return kCookie.without();
}

std::optional<ConnectAttempt> connect_of(const http::Request& request, const crypto::Sealer& sealer,
                                         Timestamp at) {
    auto opened = kCookie.read(request, sealer, at);
    if (!opened) return std::nullopt;
    ConnectAttempt attempt;
    boost::json::value value(std::move(*opened));
    JsonReader in(value);
    in.required("account_id", attempt.account_id);
    in.required("user_id", attempt.user_id);
    in.required("state", attempt.state);
    in.keep("installation_id", attempt.installation_id);
    if (!in.finish()) return std::nullopt;
    return attempt;
}

}  // namespace mw::git_hosts
