// dbt Core 2 and dbt Fusion: native programs that start in milliseconds, so each invocation is a
// process of its own. One that is confined has gone in ahead of time (confined_launcher.hpp).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "infra/process/process.hpp"
#include "infra/sandbox/plan.hpp"
#include "roles/runner/engine/confined_launcher.hpp"
#include "roles/runner/engine/engine_session.hpp"

namespace mw::runner {

struct NativeOptions {
    std::filesystem::path program;                   // dbt itself
    std::map<std::string, std::string> environment;  // what the engine needs beside the run's
    std::filesystem::path confiner;                  // the program with the role `confine`
    // Empty: the project is trusted, and nothing is kept from it.
    std::optional<sandbox::Plan> confinement;
    // Of the run's group. What is confined goes in itself.
    std::vector<std::filesystem::path> doors = {};
};

class NativeSession final : public EngineSession {
  public:
    NativeSession(boost::asio::any_io_executor executor, NativeOptions options);

    result<> start() override;
    boost::asio::awaitable<result<InvocationExit>> invoke(Invocation invocation,
                                                          EngineListener& listener) override;
    boost::asio::awaitable<void> cancel() override;
    void kill() override;

  private:
    result<> spawn(const Invocation& invocation);
    result<process::Process> spawn_bare(const Invocation& invocation);
    process::Environment environment_of(const Invocation& invocation) const;
    bool is_running() const { return confined_ || bare_; }
    process::Process& running();
    boost::asio::awaitable<void> follow_events(std::string id, EngineListener& listener);
    boost::asio::awaitable<void> follow_complaints(EngineListener& listener);
    InvocationExit exit_of(const process::ExitStatus& status) const;

    boost::asio::any_io_executor executor_;
    NativeOptions options_;
    std::optional<ConfinedLauncher> next_;      // waits for the next invocation
    std::optional<ConfinedLauncher> confined_;  // has become the one in progress
    std::optional<process::Process> bare_;      // the one in progress, when nothing is confined
    std::string last_complaints_;
    bool killed_ = false;
    int invocations_ = 0;
};

}  // namespace mw::runner
