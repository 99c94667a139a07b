#include "features/chat/outcome.hpp"

#include <algorithm>
#include <charconv>

namespace mw::chat {
namespace {

using namespace std::chrono_literals;

// Where nothing is said, or nothing that can be read.
constexpr auto kUnsaid = 30s;
constexpr std::chrono::seconds kLongest = 24h;

}  // namespace

std::chrono::seconds wait_of(std::string_view retry_after) {
    std::int64_t seconds = 0;
    auto [end, error] =
        std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
    if (error != std::errc{} || end != retry_after.data() + retry_after.size() || seconds < 0)
        return kUnsaid;
    return std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(1s), kLongest);
}

result<> to_result(const Outcome& outcome) {
    switch (outcome.kind) {
        case Outcome::Kind::taken:
            return {};
        case Outcome::Kind::later:
            return fail(Errc::upstream_failed, outcome.reason);
        case Outcome::Kind::dead:
        case Outcome::Kind::broken:
            return fail(Errc::conflict, outcome.reason);
        case Outcome::Kind::wait: {
            Error error{Errc::limit_exceeded, outcome.reason, {}, {}};
            error.retry_after_seconds = static_cast<int>(outcome.wait.count());
            return fail(std::move(error));
        }
    }
    return fail(Errc::internal, outcome.reason);
}

}  // namespace mw::chat
