// The embedded default: each work is a process of this machine, `millwright run`.
//
// A worker leads a session of its own and does not die with the scheduler: it renews its lease
// itself, so a scheduler that was killed and is started again takes over what still runs
// (worker_record.hpp) without anyone noticing. It gets its token on descriptor 3, writes its
// log lines to our standard error, and inherits nothing else.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <functional>
#include <memory>

#include "base/layout.hpp"
#include "base/offload.hpp"
#include "base/settings.hpp"
#include "executor/executor.hpp"
#include "infra/cgroup/tree.hpp"
#include "infra/process/process.hpp"

namespace mw::executor {

// The worker finds its token by this name; the value is the descriptor's number.
inline constexpr const char* kTokenFdVariable = "MILLWRIGHT_TOKEN_FD";

// What a worker knows of our settings: where things lie, and nothing that opens a door. No
// database URL, no key, no config file that may hold either.
process::Environment worker_environment(const Settings& settings, const Layout& layout);

struct ProcessExecutorOptions {
    std::filesystem::path program;
    process::Environment environment;
    std::filesystem::path records_dir;
    std::filesystem::path workspaces_dir;
    // Where each worker has a group for what it starts; what one leaves there is removed.
    cgroup::Tree groups = {};
    // Called when take_ended() has something.
    std::function<void()> on_ended;
};

class ProcessExecutor final : public Executor {
  public:
    // `blocking` must outlive the executor.
    ProcessExecutor(boost::asio::any_io_executor executor, BlockingPool& blocking,
                    ProcessExecutorOptions options);
    ~ProcessExecutor() override;

    // Takes over the workers of an earlier scheduler: those that still run are listed, those
    // that ended meanwhile are reported as ended. Call once, first.
    void adopt();

    boost::asio::awaitable<result<>> start(StartRequest request) override;
    std::vector<Running> list() const override;
    std::vector<Ended> take_ended() override;
    void cancel(WorkId work, std::chrono::milliseconds grace) override;
    boost::asio::awaitable<void> cancel_all(std::chrono::milliseconds grace) override;
    boost::asio::awaitable<result<int>> reap(Keep keep) override;

  private:
    struct State;
    // Shared with the coroutines that watch, which may be destroyed after us.
    std::shared_ptr<State> state_;
};

}  // namespace mw::executor
