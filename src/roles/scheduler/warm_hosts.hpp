// Keeps engine hosts ready: each has imported an installed engine's dbt, and forks a session for
// every run that connects to its socket (engines/host/host_warm.py). A run whose engine has none
// starts a host of its own, so nothing depends on this but time.
//
// A host ends by itself when it is worn out by age, count or memory, or crashes; then another is
// started, soon or, when it keeps crashing, after longer and longer waits. Sessions outlive their
// host. Thread: the io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "base/offload.hpp"
#include "infra/process/process.hpp"

namespace mw::scheduler {

class WarmHosts {
  public:
    struct Wanted {
        std::size_t most = 0;
        bool merge_memory = false;  // the kernel may merge equal pages of their sessions
    };

    // Of at most `most` engines, that of `latest` first, then the newest lines. `on_ended` is
    // called when a host has ended.
    WarmHosts(boost::asio::any_io_executor executor, BlockingPool& blocking, const Layout& layout,
              Wanted wanted, std::function<void()> on_ended,
              Backoff backoff = {std::chrono::seconds(1), std::chrono::seconds(30)});
    ~WarmHosts();

    // Starts what should be there and is not, ends what is no longer installed.
    boost::asio::awaitable<result<std::chrono::milliseconds>> pass();
    // Ends them all; runs go on.
    void stop();

  private:
    struct Host;

    boost::asio::awaitable<std::vector<std::filesystem::path>> folders();
    void start(const std::filesystem::path& engine, Host& host);
    void watch(const std::filesystem::path& engine, process::Process& process);

    boost::asio::any_io_executor executor_;
    BlockingPool& blocking_;
    const Layout& layout_;
    Wanted wanted_;
    Backoff backoff_;  // what each host begins with
    // Shared with the coroutines that watch, which may end after us.
    std::shared_ptr<std::function<void()>> on_ended_;
    std::map<std::filesystem::path, std::unique_ptr<Host>> hosts_;
    bool stopping_ = false;
};

}  // namespace mw::scheduler
