// What a channel of Slack is told, as Block Kit and as the plain text that stands in for it. Pure.
#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <string_view>

#include "features/mail/run_facts.hpp"

namespace mw::chat {

struct SlackMessage {
    std::string text;  // for notifications, and whatever shows no blocks
    boost::json::array blocks;
};

// The nodes of a run that are named, of those that did not go well.
inline constexpr std::size_t kNodesShown = 10;

// "✅", "❌", "⚠️", "⏹": beside the word that says the same.
std::string_view sign_of(const mail::RunReport& report);

// `public_url` is "https://host[:port]" without a slash at its end.
SlackMessage slack_message(const mail::RunReport& report, std::string_view public_url);
SlackMessage slack_test(std::string_view asked_by, std::string_view public_url);

}  // namespace mw::chat
