// Connecting a workspace by Slack's own page (OAuth 2): what must be known when the browser comes
// back. It travels in that browser, in a sealed cookie, and nothing of it is kept here. Pure.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "features/chat/chat_settings.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/server/message.hpp"

namespace mw::chat {

struct SlackAttempt {
    Id account_id = 0;
    Id user_id = 0;
    std::string state;  // comes back with the answer
};
BOOST_DESCRIBE_STRUCT(SlackAttempt, (), (account_id, user_id, state))

SlackAttempt begin_slack_attempt(Id account_id, Id user_id);

// Good for ten minutes.
std::string slack_attempt_cookie(const SlackAttempt& attempt, const crypto::Sealer& sealer,
                                 Timestamp at);
std::string ended_slack_attempt_cookie();
// Nothing when there is none that is whole, ours and still good.
std::optional<SlackAttempt> slack_attempt_of(const http::Request& request,
                                             const crypto::Sealer& sealer, Timestamp at);

// Where the browser comes back to; the Slack app's settings must list it.
std::string slack_redirect_uri(std::string_view public_url);
// Where to send the browser.
std::string slack_authorize_url(const SlackSettings& settings, const SlackAttempt& attempt,
                                std::string_view public_url);

}  // namespace mw::chat
