#include "features/chat/teams_card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <ranges>

#include "features/chat/chat_text.hpp"
#include "features/chat/slack_message.hpp"
#include "features/mail/run_words.hpp"

namespace mw::chat {
namespace {

// A message to Teams has at most 28 KB; all of this together stays far below.
constexpr std::size_t kTitleMost = 200;
constexpr std::size_t kFactMost = 200;
constexpr std::size_t kNodeNameMost = 100;
constexpr std::size_t kNodeMessageMost = 200;
constexpr std::size_t kReasonMost = 500;

boost::json::object run_of_text(std::string text, bool bold = false) {
    boost::json::object run{{"type", "TextRun"}, {"text", std::move(text)}};
    if (bold) run["weight"] = "Bolder";
    return run;
}

boost::json::object rich_text(boost::json::array inlines) {
    return {{"type", "RichTextBlock"}, {"inlines", std::move(inlines)}};
}

class Card {
  public:
    void title(std::string_view text, std::string_view color) {
        auto run = run_of_text(shortened(text, kTitleMost), true);
        run["size"] = "Large";
        run["color"] = color;
        body_.push_back(rich_text({std::move(run)}));
    }
    void fact(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        body_.push_back(rich_text({run_of_text(fmt::format("{}: ", name), true),
                                   run_of_text(first_line(value, kFactMost))}));
    }
    void words(std::string_view text) {
        body_.push_back(rich_text({run_of_text(first_line(text, kReasonMost))}));
    }
    void node(const mail::TroubledNode& node) {
        boost::json::array inlines{
            run_of_text(shortened(node.name, kNodeNameMost), true),
            run_of_text(fmt::format(" ({}): {}", shortened(node.resource_type, 20),
                                    shortened(node.status, 20)))};
        auto said = first_line(node.message.value_or(""), kNodeMessageMost);
        if (!said.empty()) inlines.push_back(run_of_text(" – " + said));
        body_.push_back(rich_text(std::move(inlines)));
    }
    boost::json::object finish(std::string_view url, std::string_view words) && {
        boost::json::object open{{"type", "Action.OpenUrl"}, {"title", words}, {"url", url}};
        boost::json::array actions;
        actions.push_back(std::move(open));
        boost::json::object content{
            {"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
            {"type", "AdaptiveCard"},
            {"version", "1.4"},
            {"msteams", {{"width", "Full"}}},
            {"body", std::move(body_)},
            {"actions", std::move(actions)}};
        boost::json::object attachment{{"contentType", "application/vnd.microsoft.card.adaptive"},
                                       {"contentUrl", nullptr},
                                       {"content", std::move(content)}};
        boost::json::array attachments;
        attachments.push_back(std::move(attachment));
        return {{"type", "message"}, {"attachments", std::move(attachments)}};
    }

  private:
    boost::json::array body_;
};

std::string_view color_of(const mail::RunReport& report) {
    if (report.run.status == 20) return "Attention";
    if (report.run.status == 30) return "Default";
    return report.troubled_count > 0 ? "Warning" : "Good";
}

}  // namespace

boost::json::object teams_message(const mail::RunReport& report, std::string_view public_url) {
    const auto& run = report.run;
    Card card;
    card.title(
        fmt::format("{} {} {}", sign_of(report), first_line(run.job_name, 100), verb_of(report)),
        color_of(report));
    card.fact("Run", fmt::format("#{}", run.run_id));
    card.fact("Project", run.project_name);
    card.fact("Environment", run.environment_name);
    card.fact("Started by", run.cause);
    card.fact("Took", length_of(run));
    if (run.status_message && !run.status_message->empty()) card.words(*run.status_message);
    for (const auto& node : report.troubled | std::views::take(kNodesShown))
        card.node(node);
    auto shown = std::min(report.troubled.size(), kNodesShown);
    if (auto more = report.troubled_count - static_cast<int>(shown); more > 0)
        card.words(fmt::format("and {} more", more));
    return std::move(card).finish(run_url(run, public_url), "Open the run");
}

boost::json::object teams_test(std::string_view asked_by, std::string_view public_url) {
    Card card;
    card.title("This is a test", "Default");
    card.words(fmt::format("{} asked for it. Messages from Millwright arrive.",
                           first_line(asked_by, kFactMost)));
    return std::move(card).finish(public_url, "Open Millwright");
}

}  // namespace mw::chat
