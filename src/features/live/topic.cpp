#include "features/live/topic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace mw::live {
namespace {

constexpr std::string_view kAccount = "account:";
constexpr std::string_view kRuns = ":runs";
constexpr std::string_view kRun = "run:";

}  // namespace

std::optional<Topic> parse_topic(std::string_view text) {
    if (text.starts_with(kRun)) {
        auto id = parse_id(text.substr(kRun.size()));
        if (id) return Topic{Topic::Kind::run, *id};
    } else if (text.starts_with(kAccount) && text.ends_with(kRuns) &&
               text.size() > kAccount.size() + kRuns.size()) {
        auto id =
            parse_id(text.substr(kAccount.size(), text.size() - kAccount.size() - kRuns.size()));
        if (id) return Topic{Topic::Kind::account_runs, *id};
    }
    return std::nullopt;
}

std::string Topic::name() const {
    if (kind == Kind::run) return fmt::format("{}{}", kRun, id);
    return fmt::format("{}{}{}", kAccount, id, kRuns);
}

std::optional<RunEvent> parse_run_event(std::string_view payload) {
    auto space = payload.find(' ');
    auto id = parse_id(payload.substr(0, space));
    if (!id) return std::nullopt;
    bool log_only = space != payload.npos && payload.substr(space + 1) == "log";
    return RunEvent{*id, log_only};
}

bool is_same_origin(std::string_view origin, std::string_view host) {
    for (std::string_view scheme : {"https://", "http://"})
        if (origin.starts_with(scheme)) {
            auto from = origin.substr(scheme.size());
            return !host.empty() && std::ranges::equal(from, host, [](char a, char b) {
                return std::tolower(static_cast<unsigned char>(a)) ==
                       std::tolower(static_cast<unsigned char>(b));
            });
        }
    return false;
}

}  // namespace mw::live
