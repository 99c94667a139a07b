// dbt Core 1.x: a session of the engine host (engines/host/host.py), which has imported dbt and
// forks a child for each invocation.
//
// A warm host serves where there is one; else one is started. A host that breaks before it has
// begun an invocation costs a second try, on one started for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "infra/process/line_reader.hpp"
#include "infra/sandbox/plan.hpp"
#include "roles/runner/engine/engine_link.hpp"
#include "roles/runner/engine/engine_session.hpp"

namespace mw::runner {

struct Core1Options {
    ColdHost cold;
    std::filesystem::path warm_socket;
    // Empty: the project is trusted, and nothing is kept from it.
    std::optional<sandbox::Plan> confinement;
    // Of the run's group. A confined session goes in itself.
    std::vector<std::filesystem::path> doors = {};
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

    result<> connect(bool warm);
    boost::asio::awaitable<result<InvocationExit>> attempt(const Invocation& invocation,
                                                           EngineListener& listener);
    boost::asio::awaitable<result<>> await_confined();
    boost::asio::awaitable<result<>> greet();
    boost::asio::awaitable<result<dbt::HostMessage>> next_message();
    boost::asio::awaitable<result<>> send(std::string line);
    boost::asio::awaitable<result<InvocationExit>> follow(EngineListener& listener);
    boost::asio::awaitable<Error> host_ended();
    std::string confine_command() const;
    std::string invoke_command(const Invocation& invocation) const;

    boost::asio::any_io_executor executor_;
    Core1Options options_;
    std::unique_ptr<EngineLink> link_;
    std::optional<process::LineReader> lines_;
    bool warm_ = false;
    bool confined_ = false;
    bool killed_ = false;
    bool broken_ = false;  // the link's other end is gone
    Phase phase_ = Phase::idle;
    int invocations_ = 0;
    std::string id_;
};

}  // namespace mw::runner
