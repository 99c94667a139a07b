#include "features/chat/slack_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>

#include "base/trimmed.hpp"

namespace mw::chat {
namespace {

struct Word {
    std::string_view error;
    Outcome::Kind kind;
    std::string_view meaning;
};

constexpr auto kBroken = Outcome::Kind::broken;
constexpr auto kDead = Outcome::Kind::dead;

constexpr std::array kWords{
    Word{"invalid_auth", kBroken, "Slack does not know the bot's token"},
    Word{"not_authed", kBroken, "Slack was given no token"},
    Word{"token_revoked", kBroken, "the bot's token has been revoked in Slack"},
    Word{"token_expired", kBroken, "the bot's token has ended"},
    Word{"account_inactive", kBroken, "the app has been removed from the workspace"},
    Word{"channel_not_found", kDead, "Slack does not know this channel, or the bot may not see it"},
    Word{"is_archived", kDead, "the channel is archived"},
    Word{"not_in_channel", kDead, "the bot is not in this channel: invite it there"},
    Word{"restricted_action", kDead, "the workspace's settings do not let the bot post there"},
    Word{"restricted_action_read_only_channel", kDead, "the channel can only be read"},
    Word{"missing_scope", kDead, "the bot's token lacks a scope"},
    Word{"no_permission", kDead, "the bot may not do that"},
    Word{"msg_too_long", kDead, "the message is too long"},
    Word{"invalid_blocks", kDead, "Slack does not take the message's blocks"},
    Word{"bad_client_secret", kDead, "the operator's client secret is not the app's"},
    Word{"invalid_client_id", kDead, "the operator's client id is no app's"},
    Word{"invalid_code", kDead, "the code from Slack is no longer good"},
    Word{"bad_redirect_uri", kDead, "the app's settings do not list this installation's address"},
};

}  // namespace

Outcome outcome_of(std::string_view error) {
    // Slack's words are short; whatever else is there is not shown.
    auto word = std::string(error.substr(0, 60));
    if (word.empty()) return {Outcome::Kind::later, "Slack's answer makes no sense."};
    const auto* known = std::ranges::find(kWords, std::string_view(word), &Word::error);
    if (known == kWords.end())
        return {Outcome::Kind::later, fmt::format("Slack did not take it: {}.", word)};
    return {known->kind, fmt::format("Slack did not take it: {} ({}).", known->meaning, word)};
}

bool has_scope(std::string_view scopes, std::string_view scope) {
    return std::ranges::any_of(scopes | std::views::split(','), [scope](auto part) {
        return trimmed(std::string_view(part)) == scope;
    });
}

}  // namespace mw::chat
