// Sends a run's log lines and node states to the app, in order, soon and in batches.
//
// A batch leaves 20 ms after its first line, and not sooner than 200 ms after the one before it
// unless 64 KiB wait. While the app is away up to 32 MiB are kept; then `room` makes whoever
// produces lines wait, and so, through full pipes, dbt itself. Once the run is being stopped
// nobody waits any more, because an end must not hang: beyond 64 MiB lines are left out, and one
// line says how many.
// Everything is scrubbed and made valid here; a line is cut at 1 MiB.
// Thread: the io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "roles/runner/report/api_client.hpp"
#include "roles/runner/report/log_buffer.hpp"
#include "roles/runner/report/scrubber.hpp"
#include "roles/runner/stop.hpp"

namespace mw::runner {

class LogShipper {
  public:
    LogShipper(boost::asio::any_io_executor executor, ApiClient& api, Stop& stop);

    void set_scrubber(Scrubber scrubber) { scrubber_ = std::move(scrubber); }
    const Scrubber& scrubber() const { return scrubber_; }

    // A message of one or more lines; `ts` empty means now.
    void add(int step, LineLevel level, std::string_view text, std::string ts = {});
    // A line whose text is kept, while `rows` are shown in its place to whoever watches.
    void add_rows(int step, std::string_view text, std::string_view rows);
    // The fields of the workers' API; strings in it are scrubbed.
    void add_node(int step, boost::json::object node);

    // Returns at once unless too much waits to be sent.
    boost::asio::awaitable<void> room();
    // Returns when everything added so far is with the app, or the run is lost.
    boost::asio::awaitable<void> flush();
    // The sender; runs until it is cancelled.
    boost::asio::awaitable<void> run();

  private:
    using SteadyClock = std::chrono::steady_clock;

    void add_line(int step, LineLevel level, const std::string& ts, std::string_view text);
    void queue(int step, LogLine line);
    void note_dropped();
    boost::asio::awaitable<void> wait_until_due();
    boost::asio::awaitable<void> send_next();

    ApiClient& api_;
    Stop& stop_;
    Scrubber scrubber_;
    LogBuffer buffer_;
    std::size_t dropped_ = 0;
    int dropped_step_ = 0;
    bool sending_ = false;
    int flushing_ = 0;
    SteadyClock::time_point first_line_at_;
    SteadyClock::time_point sent_at_;
    boost::asio::steady_timer wake_;   // something was added, or someone flushes
    boost::asio::steady_timer moved_;  // something was sent
};

// One line as it may be stored: valid UTF-8 without NUL and line breaks, at most 1 MiB.
std::string storable_line(std::string_view text);

}  // namespace mw::runner
