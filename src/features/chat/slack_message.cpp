#include "features/chat/slack_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <ranges>
#include <utility>
#include <vector>

#include "features/chat/chat_text.hpp"
#include "features/mail/run_words.hpp"

namespace mw::chat {
namespace {

// Slack's own limits are 150 for a header, 2000 for a field, 3000 for a section; with these all
// that is put together stays below them.
constexpr std::size_t kNameMost = 100;
constexpr std::size_t kFieldMost = 300;
constexpr std::size_t kNodeNameMost = 80;
constexpr std::size_t kNodeMessageMost = 150;
constexpr std::size_t kReasonMost = 500;

boost::json::object mrkdwn(std::string text) {
    return {{"type", "mrkdwn"}, {"text", std::move(text)}};
}

boost::json::object section(std::string text) {
    return {{"type", "section"}, {"text", mrkdwn(std::move(text))}};
}

boost::json::object header(std::string text) {
    return {{"type", "header"},
            {"text", {{"type", "plain_text"}, {"text", std::move(text)}, {"emoji", true}}}};
}

// A link and not a button: buttons ask the app for an answer, even those that only lead away.
boost::json::object link(std::string_view url, std::string_view words) {
    return section(fmt::format("<{}|{}>", slack_text(url, kFieldMost), words));
}

boost::json::object fields(const std::vector<std::pair<std::string, std::string>>& facts) {
    boost::json::array fields;
    for (const auto& [name, value] : facts)
        if (!value.empty())
            fields.push_back(mrkdwn(fmt::format("*{}*\n{}", name, slack_text(value, kFieldMost))));
    return {{"type", "section"}, {"fields", std::move(fields)}};
}

std::string nodes(const mail::RunReport& report) {
    std::string lines;
    for (const auto& node : report.troubled | std::views::take(kNodesShown)) {
        lines += fmt::format("• *{}* ({}): {}\n", slack_text(node.name, kNodeNameMost),
                             slack_text(node.resource_type, 20), slack_text(node.status, 20));
        auto said = first_line(node.message.value_or(""), kNodeMessageMost);
        if (!said.empty()) lines += fmt::format("      {}\n", slack_text(said, kNodeMessageMost));
    }
    auto shown = std::min(report.troubled.size(), kNodesShown);
    if (auto more = report.troubled_count - static_cast<int>(shown); more > 0)
        lines += fmt::format("and {} more\n", more);
    return lines;
}

}  // namespace

std::string_view sign_of(const mail::RunReport& report) {
    if (report.run.status == 20) return "❌";
    if (report.run.status == 30) return "⏹";
    return report.troubled_count > 0 ? "⚠️" : "✅";
}

SlackMessage slack_message(const mail::RunReport& report, std::string_view public_url) {
    const auto& run = report.run;
    auto name = slack_text(run.job_name, kNameMost);
    SlackMessage message;
    message.text = fmt::format("{} {} {} (run #{}, {}, {})", sign_of(report), name, verb_of(report),
                               run.run_id, slack_text(run.project_name, kNameMost),
                               slack_text(run.environment_name, kNameMost));
    message.blocks.push_back(
        header(fmt::format("{} {} {}", sign_of(report), name, verb_of(report))));
    message.blocks.push_back(fields({{"Run", fmt::format("#{}", run.run_id)},
                                     {"Project", run.project_name},
                                     {"Environment", run.environment_name},
                                     {"Started by", run.cause},
                                     {"Took", length_of(run)}}));
    if (run.status_message && !run.status_message->empty())
        message.blocks.push_back(
            section(slack_text(first_line(*run.status_message, kReasonMost), kReasonMost)));
    if (!report.troubled.empty()) message.blocks.push_back(section(nodes(report)));
    message.blocks.push_back(link(run_url(run, public_url), "Open the run"));
    return message;
}

SlackMessage slack_test(std::string_view asked_by, std::string_view public_url) {
    SlackMessage message;
    message.text = fmt::format("This is a test that {} asked for. Messages from Millwright arrive.",
                               slack_text(asked_by, kNameMost));
    message.blocks.push_back(section(message.text));
    message.blocks.push_back(link(public_url, "Open Millwright"));
    return message;
}

}  // namespace mw::chat
