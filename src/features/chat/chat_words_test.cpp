#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "features/chat/chat_text.hpp"
#include "features/chat/slack_message.hpp"
#include "features/chat/slack_words.hpp"
#include "features/chat/teams_card.hpp"

namespace mw::chat {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

mail::RunReport report(int status = 20) {
    mail::RunReport report;
    report.run = {.run_id = 12,
                  .account_id = 1,
                  .project_id = 3,
                  .job_name = "Nightly <@U1> & Co",
                  .project_name = "Shop",
                  .environment_name = "Production",
                  .status = status,
                  .status_message = "It broke\nwith details",
                  .cause = "scheduled",
                  .git_branch = {},
                  .git_sha = {},
                  .created_at = Timestamp{0s},
                  .started_at = Timestamp{10s},
                  .finished_at = Timestamp{231s}};
    return report;
}

void add_trouble(mail::RunReport& report, int count, std::string message) {
    for (int i = 0; i < count; ++i)
        report.troubled.push_back(
            {"model_" + std::to_string(i) + std::string(200, 'm'), "model", "error", message});
    report.troubled_count = count;
}

std::size_t units(std::string_view text) {
    std::size_t units = 0;
    for (unsigned char c : text)
        units += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
    return units;
}

TEST(ChatText, IsCutWhereAWholeCharacterEnds) {
    EXPECT_EQ(shortened("short", 5), "short");
    EXPECT_EQ(shortened("longer", 5), "long…");
    EXPECT_EQ(shortened("aé🚀🚀", 5), "aé🚀…");
    EXPECT_EQ(shortened("aéb🚀🚀", 5), "aéb…");
    EXPECT_EQ(shortened("aé🚀", 4), "aé🚀");
    EXPECT_EQ(shortened("\xff", 4), "\xEF\xBF\xBD");
    EXPECT_EQ(first_line("\n  the first\n the second", 50), "the first");
    EXPECT_EQ(first_line("", 5), "");
    EXPECT_EQ(slack_text("<!channel> & <b>", 50), "&lt;!channel&gt; &amp; &lt;b&gt;");
    // Never half of what stands for one character.
    EXPECT_EQ(slack_text("a&b", 6), "a…");
    EXPECT_EQ(slack_text("a&bc", 7), "a&amp;…");
    EXPECT_EQ(slack_text("a&&", 8), "a&amp;…");
    EXPECT_EQ(units(slack_text(std::string(100, '&'), 20)), 16u);
}

TEST(ChatMessage, SaysHowTheRunEnded) {
    for (auto [status, sign, word] :
         {std::tuple(10, "✅", "succeeded"), {20, "❌", "failed"}, {30, "⏹", "was cancelled"}}) {
        auto text = slack_message(report(status), "https://h").text;
        EXPECT_THAT(text, HasSubstr(sign));
        EXPECT_THAT(text, HasSubstr(word));
        auto card = boost::json::serialize(teams_message(report(status), "https://h"));
        EXPECT_THAT(card, HasSubstr(sign));
        EXPECT_THAT(card, HasSubstr(word));
    }
    auto warned = report(10);
    add_trouble(warned, 1, "");
    EXPECT_THAT(slack_message(warned, "https://h").text, HasSubstr("⚠️"));
    EXPECT_THAT(slack_message(warned, "https://h").text, HasSubstr("succeeded with warnings"));
}

TEST(ChatMessage, ForSlackHasNoMarkupOfPeoplesOwn) {
    auto message = slack_message(report(), "https://h");
    auto blocks = boost::json::serialize(message.blocks);
    for (const auto& text : {message.text, blocks}) {
        EXPECT_THAT(text, HasSubstr("Nightly &lt;@U1&gt; &amp; Co"));
        EXPECT_THAT(text, Not(HasSubstr("<@U1>")));
    }
    EXPECT_THAT(blocks, HasSubstr("<https://h/deploy/1/projects/3/runs/12|Open the run>"));
    EXPECT_THAT(blocks, HasSubstr("3 minutes, 41 seconds"));
    EXPECT_THAT(blocks, HasSubstr("Production"));
    EXPECT_THAT(blocks, HasSubstr("It broke"));
    EXPECT_THAT(blocks, Not(HasSubstr("with details")));
}

TEST(ChatMessage, ForSlackStaysBelowItsLimits) {
    auto large = report();
    large.run.job_name = std::string(5000, '<');
    large.run.environment_name = std::string(5000, '&');
    large.run.cause = std::string(5000, 'c');
    large.run.status_message = std::string(90'000, '>');
    add_trouble(large, 15, std::string(5000, '&') + "\nthe second line");
    auto message = slack_message(large, "https://h");
    EXPECT_LT(units(message.text), 4000u);
    EXPECT_LE(message.blocks.size(), 50u);
    for (const auto& block : message.blocks) {
        const auto& object = block.as_object();
        if (const auto* text = object.if_contains("text")) {
            auto most = object.at("type") == "header" ? 150u : 3000u;
            EXPECT_LE(units(text->at("text").as_string()), most);
        }
        if (const auto* fields = object.if_contains("fields")) {
            EXPECT_LE(fields->as_array().size(), 10u);
            for (const auto& field : fields->as_array())
                EXPECT_LE(units(field.at("text").as_string()), 2000u);
        }
    }
    auto blocks = boost::json::serialize(message.blocks);
    EXPECT_THAT(blocks, HasSubstr("model_9"));
    EXPECT_THAT(blocks, Not(HasSubstr("model_10")));
    EXPECT_THAT(blocks, HasSubstr("and 5 more"));
    EXPECT_THAT(blocks, Not(HasSubstr("second line")));
}

TEST(ChatMessage, ForTeamsIsACardOfPlainTexts) {
    auto large = report();
    large.run.job_name = "[a](https://evil.example) **b**";
    add_trouble(large, 15, std::string(5000, 'x') + "\nthe second line");
    auto message = teams_message(large, "https://h");
    EXPECT_EQ(message.at("type"), "message");
    const auto& attachment = message.at("attachments").at(0);
    EXPECT_EQ(attachment.at("contentType"), "application/vnd.microsoft.card.adaptive");
    const auto& card = attachment.at("content");
    EXPECT_EQ(card.at("type"), "AdaptiveCard");
    // Where Markdown means nothing.
    for (const auto& element : card.at("body").as_array()) {
        EXPECT_EQ(element.at("type"), "RichTextBlock");
        for (const auto& run : element.at("inlines").as_array())
            EXPECT_EQ(run.at("type"), "TextRun");
    }
    EXPECT_EQ(card.at("actions").at(0).at("url"), "https://h/deploy/1/projects/3/runs/12");
    auto text = boost::json::serialize(message);
    EXPECT_LT(text.size(), 28u * 1024);
    EXPECT_THAT(text, HasSubstr("model_9"));
    EXPECT_THAT(text, Not(HasSubstr("model_10")));
    EXPECT_THAT(text, HasSubstr("and 5 more"));
    EXPECT_THAT(text, Not(HasSubstr("second line")));
}

TEST(ChatMessage, TestsSayWhoAskedForThem) {
    EXPECT_THAT(slack_test("ann <a@b.c>", "https://h").text, HasSubstr("ann &lt;a@b.c&gt;"));
    EXPECT_THAT(boost::json::serialize(teams_test("ann", "https://h")), HasSubstr("ann asked"));
}

TEST(SlackWords, SayWhatToDo) {
    using Kind = Outcome::Kind;
    for (auto word : {"invalid_auth", "token_revoked", "account_inactive", "not_authed"})
        EXPECT_EQ(outcome_of(word).kind, Kind::broken) << word;
    for (auto word : {"channel_not_found", "is_archived", "not_in_channel"})
        EXPECT_EQ(outcome_of(word).kind, Kind::dead) << word;
    for (auto word : {"internal_error", "something_new", ""})
        EXPECT_EQ(outcome_of(word).kind, Kind::later) << word;
    EXPECT_THAT(outcome_of("is_archived").reason, HasSubstr("archived (is_archived)"));
    EXPECT_TRUE(has_scope("channels:read, chat:write", "chat:write"));
    EXPECT_FALSE(has_scope("chat:write.public", "chat:write"));
}

TEST(Outcomes, WaitAsLongAsTheyAreAsked) {
    EXPECT_EQ(wait_of("7"), 7s);
    EXPECT_EQ(wait_of("0"), 1s);
    EXPECT_EQ(wait_of(""), 30s);
    EXPECT_EQ(wait_of("soon"), 30s);
    EXPECT_EQ(wait_of("99999999"), 24h);
    auto waits = to_result({Outcome::Kind::wait, "wait", 7s});
    EXPECT_EQ(waits.error().code, Errc::limit_exceeded);
    EXPECT_EQ(waits.error().retry_after_seconds, 7);
}

}  // namespace
}  // namespace mw::chat
