#include "roles/runner/report/log_shipper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/log.hpp"
#include "base/storable_text.hpp"
#include "base/time.hpp"
#include "roles/runner/wait.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto kGather = 20ms;
constexpr auto kInterval = 200ms;
constexpr std::size_t kBatchBytes = 64UL * 1024;
// When behind, larger requests catch up sooner.
constexpr std::size_t kCatchUpBytes = 1024UL * 1024;
constexpr std::size_t kBufferBytes = 32UL * 1024 * 1024;
constexpr std::size_t kStoppingBufferBytes = 64UL * 1024 * 1024;
// With what the mark of a cut line needs, a line is at most 1 MiB.
constexpr std::size_t kMostLineBytes = 1024UL * 1024 - 64;
}  // namespace

std::string storable_line(std::string_view text) {
    return storable_text(text, kMostLineBytes);
}

LogShipper::LogShipper(asio::any_io_executor executor, ApiClient& api, Stop& stop)
    : api_(api),
      stop_(stop),
      wake_(executor, asio::steady_timer::time_point::max()),
      moved_(executor, asio::steady_timer::time_point::max()) {
}

void LogShipper::add(int step, LineLevel level, std::string_view text, std::string ts) {
    if (ts.empty()) ts = format_rfc3339(now());
    // Scrubbed as a whole first: a secret may span lines.
    auto scrubbed = scrubber_.scrub(text);
    std::string_view rest = scrubbed;
    while (true) {
        auto end = rest.find('\n');
        add_line(step, level, ts, rest.substr(0, end));
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
}

void LogShipper::add_rows(int step, std::string_view text, std::string_view rows) {
    queue(step, {.ts = format_rfc3339(now()),
                 .text = storable_line(text),
                 .live = storable_line(scrubber_.scrub(rows))});
}

void LogShipper::add_line(int step, LineLevel level, const std::string& ts, std::string_view text) {
    while (text.ends_with('\r'))
        text.remove_suffix(1);
    // What a terminal would have overwritten.
    if (auto carriage = text.rfind('\r'); carriage != std::string_view::npos)
        text.remove_prefix(carriage + 1);
    queue(step, {ts, level, storable_line(text)});
}

void LogShipper::queue(int step, LogLine line) {
    if (stop_.requested() && buffer_.bytes() > kStoppingBufferBytes) {
        ++dropped_;
        dropped_step_ = step;
        return;
    }
    if (buffer_.empty()) first_line_at_ = SteadyClock::now();
    buffer_.add_line(step, std::move(line));
    wake_.cancel();
}

void LogShipper::add_node(int step, json::object node) {
    for (auto& [name, value] : node)
        if (value.is_string()) value = storable_line(scrubber_.scrub(value.get_string()));
    if (buffer_.empty()) first_line_at_ = SteadyClock::now();
    buffer_.add_node(step, std::move(node));
    wake_.cancel();
}

asio::awaitable<void> LogShipper::room() {
    while (buffer_.bytes() > kBufferBytes && !stop_.requested()) {
        using asio::experimental::awaitable_operators::operator||;
        co_await (wait_for_signal(moved_) || stop_.wait_requested());
    }
}

asio::awaitable<void> LogShipper::flush() {
    ++flushing_;
    wake_.cancel();
    // A lost run's coroutines are cancelled from above, so this need not look for it.
    while (!buffer_.empty() || sending_)
        co_await wait_for_signal(moved_);
    --flushing_;
}

asio::awaitable<void> LogShipper::run() {
    while (true) {
        while (buffer_.empty())
            co_await wait_for_signal(wake_);
        co_await wait_until_due();
        co_await send_next();
    }
}

asio::awaitable<void> LogShipper::wait_until_due() {
    auto due = std::max(first_line_at_ + kGather, sent_at_ + kInterval);
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (flushing_ == 0 && buffer_.bytes() < kBatchBytes && SteadyClock::now() < due) {
        using asio::experimental::awaitable_operators::operator||;
        timer.expires_at(due);
        co_await (timer.async_wait(asio::use_awaitable) || wait_for_signal(wake_));
    }
}

asio::awaitable<void> LogShipper::send_next() {
    sending_ = true;
    auto request = buffer_.take(buffer_.bytes() > 2 * kBatchBytes ? kCatchUpBytes : kBatchBytes);
    first_line_at_ = SteadyClock::now();
    auto sent = co_await api_.put_logs(std::move(request));
    sending_ = false;
    sent_at_ = SteadyClock::now();
    // A lost run ends from above; anything else would be refused again, so the run goes on.
    if (!sent && sent.error().code != Errc::lease_lost)
        log::error("log lines refused", {{"reason", sent.error().message}});
    note_dropped();
    moved_.cancel();
}

void LogShipper::note_dropped() {
    if (dropped_ == 0 || buffer_.bytes() > kBufferBytes) return;
    auto text = fmt::format("[{} lines were left out: they came faster than they could be stored]",
                            std::exchange(dropped_, 0));
    buffer_.add_line(dropped_step_, {format_rfc3339(now()), LineLevel::warn, std::move(text)});
}

}  // namespace mw::runner
