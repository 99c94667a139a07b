// One supervised process: started, watched until it serves, started again when it ends, stopped.
//
//   start() ──ready──► running ──ends──► backoff ──► running …      until stop()
//
// The first start must succeed: a role that ends before it was ready is an error. After that
// it is restarted for ever (base/backoff.hpp).
// Thread: one io thread. Destroy only after stop() has returned or the io_context is done.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <string>

#include "base/backoff.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "base/unique_fd.hpp"
#include "infra/process/process.hpp"
#include "roles/supervisor/log_files.hpp"

namespace mw::supervisor {

struct ServiceSpec {
    std::string name;
    // What to run; asked anew before each start. Standard output and error are replaced.
    std::function<result<process::SpawnOptions>()> command;
    // Whether it serves; asked every 100 ms. Without it the role says so itself
    // (base/readiness.hpp).
    std::function<boost::asio::awaitable<bool>()> probe = {};
    // Whether a first start that failed with these last lines is worth trying again, because
    // the cause goes away by itself.
    std::function<bool(const std::deque<std::string>&)> passing_failure = {};
    std::chrono::milliseconds start_limit = std::chrono::seconds(60);
    int stop_signal = SIGTERM;
    // Sent when time is up, before SIGKILL.
    int last_warning = SIGTERM;
};

class ServiceChild {
  public:
    // `changed` is called after each start and end.
    ServiceChild(boost::asio::any_io_executor executor, ServiceSpec spec, RoleLog log,
                 std::function<void()> changed);
    ServiceChild(const ServiceChild&) = delete;
    ServiceChild& operator=(const ServiceChild&) = delete;

    // Returns when it serves; from then on it is kept running.
    boost::asio::awaitable<result<>> start();

    // Returns when the process is gone, killed if it is not by `deadline`.
    boost::asio::awaitable<void> stop(std::chrono::steady_clock::time_point deadline);
    // Makes a stop that waits go on to the next harder signal now.
    void hurry();

    void signal(int number);

    const std::string& name() const { return spec_.name; }
    std::optional<pid_t> pid();
    int restarts() const { return restarts_; }
    Timestamp started_at() const { return started_at_; }
    const RoleLog& log() const { return log_; }

  private:
    enum class Outcome { ready, ended, late, stopping };

    result<> launch();
    void log_ready() const;
    boost::asio::awaitable<result<>> start_once();
    boost::asio::awaitable<Outcome> await_ready();
    boost::asio::awaitable<bool> await_announcement();
    boost::asio::awaitable<bool> probe_until_ready();
    boost::asio::awaitable<void> keep_running();
    boost::asio::awaitable<void> pump_log(process::Descriptor source);
    boost::asio::awaitable<void> pause(std::chrono::milliseconds length);
    boost::asio::awaitable<bool> gone_by(std::chrono::steady_clock::time_point deadline);

    boost::asio::any_io_executor executor_;
    ServiceSpec spec_;
    RoleLog log_;
    std::function<void()> changed_;
    Backoff backoff_{std::chrono::milliseconds(200), std::chrono::seconds(10)};
    std::optional<process::Process> process_;
    process::Descriptor ready_pipe_;
    boost::asio::steady_timer pause_timer_;
    boost::asio::steady_timer stop_timer_;
    std::chrono::steady_clock::time_point launched_;
    Timestamp started_at_;
    int restarts_ = 0;
    bool stopping_ = false;
    bool hurried_ = false;
};

}  // namespace mw::supervisor
