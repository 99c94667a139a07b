#include "features/mail/letter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <ranges>
#include <utility>
#include <vector>

#include "features/mail/run_words.hpp"

namespace mw::mail {
namespace {

std::string escaped(std::string_view text) {
    std::string html;
    for (char c : text)
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            default:
                html += c;
        }
    return html;
}

// A subject is one line: what people have named things may hold anything.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return line.size() > 200 ? line.substr(0, 200) : line;
}

// Put together twice at once, so that neither says what the other does not.
class Writer {
  public:
    void paragraph(std::string_view words) {
        text_ += fmt::format("{}\n\n", words);
        html_ += fmt::format("<p>{}</p>\n", escaped(words));
    }
    void link(std::string_view words, std::string_view url) {
        text_ += fmt::format("{}:\n{}\n\n", words, url);
        html_ +=
            fmt::format("<p><a href=\"{}\" style=\"color:#5145cd;font-weight:600\">{}</a></p>\n",
                        escaped(url), escaped(words));
    }
    void facts(const std::vector<std::pair<std::string, std::string>>& facts) {
        html_ += "<table cellpadding=\"0\" cellspacing=\"0\">\n";
        for (const auto& [name, value] : facts) {
            if (value.empty()) continue;
            text_ += fmt::format("{}: {}\n", name, value);
            html_ += fmt::format(
                "<tr><td style=\"padding:2px 16px 2px 0;color:#5b6270\">{}</td><td>{}</td></tr>\n",
                escaped(name), escaped(value));
        }
        text_ += '\n';
        html_ += "</table>\n";
    }
    // What dbt said, as it said it.
    void said(std::string_view name, std::string_view message) {
        text_ += fmt::format("- {}\n", name);
        html_ +=
            fmt::format("<p style=\"margin-bottom:4px\"><strong>{}</strong></p>\n", escaped(name));
        if (message.empty()) return;
        auto shown = message.substr(0, kMessageShown);
        text_ += indented(shown);
        html_ += fmt::format(
            "<pre "
            "style=\"margin:0;padding:8px;background:#f4f5f7;white-space:pre-wrap\">{}</pre>\n",
            escaped(shown));
    }
    void small(std::string_view words, std::string_view url) {
        text_ += fmt::format("--\n{}: {}\n", words, url);
        html_ +=
            fmt::format("<p style=\"color:#5b6270;font-size:12px\"><a href=\"{}\">{}</a></p>\n",
                        escaped(url), escaped(words));
    }
    Content finish(std::string subject) && {
        return {one_line(subject), std::move(text_),
                fmt::format("<!doctype html>\n<html><body style=\"font:14px/20px system-ui,"
                            "sans-serif;color:#1a1d24;max-width:640px\">\n{}</body></html>\n",
                            html_)};
    }

  private:
    static constexpr std::size_t kMessageShown = 1000;

    static std::string indented(std::string_view message) {
        std::string lines;
        while (!message.empty()) {
            auto end = message.find('\n');
            lines += fmt::format("    {}\n", message.substr(0, end));
            message = end == message.npos ? std::string_view{} : message.substr(end + 1);
        }
        return lines + '\n';
    }

    std::string text_;
    std::string html_;
};

std::string commit_of(const RunFacts& run) {
    auto commit = run.git_branch.value_or("");
    if (run.git_sha) commit += fmt::format("@{}", run.git_sha->substr(0, 7));
    return commit;
}

}  // namespace

Content run_letter(const RunReport& report, std::string_view public_url,
                   std::string_view unsubscribe_link) {
    const auto& run = report.run;
    Writer letter;
    letter.paragraph(fmt::format("{} {}.", run.job_name, verb_of(report)));
    letter.facts({{"Run", fmt::format("#{}", run.run_id)},
                  {"Project", run.project_name},
                  {"Environment", run.environment_name},
                  {"Started by", run.cause},
                  {"Commit", commit_of(run)},
                  {"Took", length_of(run)},
                  {"Because", run.status_message.value_or("")}});
    for (const auto& node : report.troubled)
        letter.said(fmt::format("{} {}: {}", node.resource_type, node.name, node.status),
                    node.message.value_or(""));
    auto more = report.troubled_count - static_cast<int>(report.troubled.size());
    if (more > 0) letter.paragraph(fmt::format("and {} more.", more));
    letter.link("Open the run", run_url(run, public_url));
    if (!unsubscribe_link.empty()) letter.small("No longer send me these", unsubscribe_link);
    return std::move(letter).finish(fmt::format("{} {} (run #{}, {})", run.job_name,
                                                verb_of(report), run.run_id, run.project_name));
}

Content models_letter(const RunFacts& run, const std::vector<TroubledNode>& nodes,
                      std::string_view public_url) {
    auto went_well = [](const TroubledNode& node) {
        return node.status == "success" || node.status == "pass";
    };
    auto bad = std::ranges::count_if(nodes, std::not_fn(went_well));
    auto whole = static_cast<std::ptrdiff_t>(nodes.size());
    auto verdict = bad == 0 ? fmt::format("{} of your nodes went well", whole)
                            : fmt::format("{} of your nodes did not go well", bad);
    Writer letter;
    letter.paragraph(fmt::format("{} in {}, {}.", verdict, run.project_name, run.environment_name));
    letter.paragraph("You are told because a group of models names you as its owner.");
    for (const auto& node : nodes | std::views::take(kTroubledShown))
        letter.said(fmt::format("{} {}: {}", node.resource_type, node.name, node.status),
                    went_well(node) ? "" : node.message.value_or(""));
    if (whole > kTroubledShown)
        letter.paragraph(fmt::format("and {} more.", whole - kTroubledShown));
    letter.link("Open the run", run_url(run, public_url));
    return std::move(letter).finish(
        fmt::format("{} (run #{} of {})", verdict, run.run_id, run.job_name));
}

Content invitation_letter(std::string_view account_name, std::string_view invited_by,
                          std::string_view link) {
    Writer letter;
    letter.paragraph(fmt::format("{} invites you to {} on Millwright.", invited_by, account_name));
    letter.link("Join", link);
    letter.paragraph(
        "The link is good once. If you did not expect this, nothing needs to be done.");
    return std::move(letter).finish(fmt::format("You are invited to {}", account_name));
}

Content password_reset_letter(std::string_view link) {
    Writer letter;
    letter.paragraph("Somebody, most likely you, asked for a new password for Millwright.");
    letter.link("Choose a new password", link);
    letter.paragraph(
        "The link is good once, for a day. If it was not you, nothing needs to be done: your "
        "password stays as it is.");
    return std::move(letter).finish("A new password for Millwright");
}

Content chat_broken_letter(std::string_view workspace, std::string_view reason,
                           std::string_view link) {
    Writer letter;
    letter.paragraph(fmt::format("Nothing is sent to the Slack workspace {} any more.", workspace));
    letter.paragraph(reason);
    letter.link("Connect it again", link);
    letter.paragraph("What could not be sent is listed there, and can be sent again.");
    return std::move(letter).finish(fmt::format("Slack ({}) has to be connected again", workspace));
}

Content test_letter(std::string_view public_url) {
    Writer letter;
    letter.paragraph("This is a test. E-mail from Millwright arrives.");
    letter.link("Open Millwright", public_url);
    return std::move(letter).finish("A test from Millwright");
}

}  // namespace mw::mail
