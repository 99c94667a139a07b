// dbt Core 2 and dbt Fusion: native programs that start in milliseconds, so each invocation is a
// process of its own, confined by `millwright confine` (infra/sandbox/confined_program.hpp).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "infra/process/process.hpp"
#include "infra/sandbox/plan.hpp"
#include "roles/runner/engine_session.hpp"

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

    result<> start() override { return {}; }
    boost::asio::awaitable<result<InvocationExit>> invoke(Invocation invocation,
                                                          EngineListener& listener) override;
    boost::asio::awaitable<void> cancel() override;
    void kill() override;

  private:
    result<> spawn(const Invocation& invocation);
    process::Environment environment_of(const Invocation& invocation) const;
    // Descriptors that the confiner inherits; to be kept until it has been started.
    struct ForConfiner {
        UniqueFd plan;
        UniqueFd failure;
    };
    result<ForConfiner> confine(process::SpawnOptions& options, const Invocation& invocation);
    boost::asio::awaitable<void> follow_events(std::string id, EngineListener& listener);
    boost::asio::awaitable<void> follow_complaints(EngineListener& listener);
    // The confiner's word about why dbt could not be started; empty when it was.
    std::string read_failure();

    boost::asio::any_io_executor executor_;
    NativeOptions options_;
    std::optional<process::Process> running_;
    UniqueFd failure_;  // where the confiner tells what went wrong
    std::string last_complaints_;
    bool killed_ = false;
    int invocations_ = 0;
};

}  // namespace mw::runner
