// Slack's Web API, as far as it is needed: chat.postMessage, auth.test, conversations.list and
// oauth.v2.access.
//
// Errors of what is not a message: conflict (Slack says no), limit_exceeded (with the time to
// wait), unavailable, timeout, upstream_failed. No message holds a token.
// One io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "features/chat/chat_settings.hpp"
#include "features/chat/outcome.hpp"
#include "features/chat/slack_message.hpp"
#include "infra/http/client/client.hpp"

namespace mw::chat {

// As whom one speaks, and where.
struct SlackBot {
    std::string team_id;
    std::string team_name;
    std::string bot_name;
    Secret token;
};

struct SlackChannel {
    std::string id;
    std::string name;
    bool is_private = false;
    bool is_member = false;  // the bot is in it
};
BOOST_DESCRIBE_STRUCT(SlackChannel, (), (id, name, is_private, is_member))

// The scopes that are asked for.
inline constexpr std::string_view kSlackScopes =
    "chat:write,chat:write.public,channels:read,groups:read";

class SlackClient {
  public:
    SlackClient(const boost::asio::any_io_executor& executor, SlackSettings settings);

    boost::asio::awaitable<Outcome> post(Secret token, std::string channel_id,
                                         SlackMessage message);

    // Whose token it is. Errors: also invalid_argument, when it is no bot's or lacks a scope.
    Awaitable<SlackBot> bot_of(Secret token);

    // All that are not archived, by name.
    Awaitable<std::vector<SlackChannel>> channels(Secret token);

    // What the code is good for that a browser brought from Slack.
    Awaitable<SlackBot> redeem(std::string code, std::string redirect_uri);

    const SlackSettings& settings() const { return settings_; }

  private:
    struct Answer {
        boost::json::object body;
        std::string scopes;  // of the token, where Slack says so
    };

    http::ClientRequest request_to(std::string_view method) const;
    Awaitable<Answer> ask(http::ClientRequest request);
    Awaitable<std::string> page_of_channels(const Secret& token, std::string_view types,
                                            std::string cursor,
                                            std::vector<SlackChannel>& channels);

    SlackSettings settings_;
    http::Client client_;
};

}  // namespace mw::chat
