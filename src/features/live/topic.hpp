// What a browser may follow: one run, or all runs of its account. Pure.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace mw::live {

struct Topic {
    enum class Kind { account_runs, run };
    Kind kind = Kind::run;
    Id id = 0;

    // "account:1:runs", "run:123"
    std::string name() const;

    friend auto operator<=>(const Topic&, const Topic&) = default;
};

// Empty for anything but the name of a topic.
std::optional<Topic> parse_topic(std::string_view text);

// The payload of a notification on `run_events`: "123" or "123 log".
struct RunEvent {
    Id run_id = 0;
    bool log_only = false;  // lines or nodes came, the run itself is as it was
};
std::optional<RunEvent> parse_run_event(std::string_view payload);

// Whether a page from `origin` ("https://host:8443") may use a cookie at `host` ("host:8443").
bool is_same_origin(std::string_view origin, std::string_view host);

}  // namespace mw::live
