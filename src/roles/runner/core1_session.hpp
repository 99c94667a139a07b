// dbt Core 1.x: an engine host (engines/host/host.py) that has imported dbt once and forks a
// child for each invocation.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "infra/process/line_reader.hpp"
#include "infra/process/process.hpp"
#include "roles/runner/engine_session.hpp"

namespace mw::runner {

struct Core1Options {
    std::filesystem::path program;  // the engine's own interpreter
    std::vector<std::string> args;  // "-I", the host's script
    std::map<std::string, std::string> environment;
    std::filesystem::path cwd;
    // Where the host's complaints go when it cannot start; its last lines become the error.
    std::filesystem::path stderr_file;
    // Masked by the host already, before lines are cut.
    std::vector<std::string> secrets;
};

class Core1Session final : public EngineSession {
  public:
    Core1Session(boost::asio::any_io_executor executor, Core1Options options);

    result<> start() override;
    boost::asio::awaitable<result<InvocationExit>> invoke(Invocation invocation,
                                                          EngineListener& listener) override;
    boost::asio::awaitable<void> cancel() override;
    void kill() override;

  private:
    enum class Phase { idle, sending, running };

    boost::asio::awaitable<result<>> await_ready();
    boost::asio::awaitable<result<dbt::HostMessage>> next_message();
    boost::asio::awaitable<result<>> send(std::string line);
    boost::asio::awaitable<result<InvocationExit>> follow(EngineListener& listener);
    boost::asio::awaitable<Error> host_ended();
    std::string invoke_command(const Invocation& invocation) const;

    boost::asio::any_io_executor executor_;
    Core1Options options_;
    std::optional<process::Process> host_;
    std::optional<process::LineReader> lines_;
    bool ready_ = false;
    Phase phase_ = Phase::idle;
    int invocations_ = 0;
    std::string id_;
};

}  // namespace mw::runner
