#include "roles/runner/engine/confined_tool.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "infra/cgroup/group.hpp"
#include "infra/process/line_reader.hpp"
#include "roles/runner/engine/confined_launcher.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator&&;
using asio::experimental::awaitable_operators::operator||;
using namespace std::chrono_literals;

constexpr auto kEndGrace = 5s;
// How long a pipe that something still holds open may stay open after the tool's end.
constexpr auto kDrainLimit = 2s;
constexpr std::size_t kComplaintBytesMax = 16UL * 1024;

// The process, and what else lives as long.
struct Running {
    std::optional<ConfinedLauncher> confined;
    std::optional<process::Process> bare;

    process::Process& process() { return confined ? confined->process() : *bare; }
};

result<Running> start(asio::any_io_executor executor, const ToolCommand& command) {
    Running running;
    if (command.confinement) {
        MW_TRY(auto launcher,
               ConfinedLauncher::start(executor, command.confiner, *command.confinement));
        sandbox::Command inside{
            .folder = command.cwd, .argv = command.args, .environment = command.environment};
        inside.argv.insert(inside.argv.begin(), command.program.string());
        MW_CHECK(launcher.become(inside));
        running.confined.emplace(std::move(launcher));
        return running;
    }
    auto options = native_spawn_options();
    options.program = command.program;
    options.args = command.args;
    options.environment = command.environment;
    options.cwd = command.cwd;
    MW_TRY(auto process, process::Process::spawn(executor, std::move(options)));
    MW_CHECK(cgroup::put_into(command.doors, process.pid()));
    running.bare.emplace(std::move(process));
    return running;
}

asio::awaitable<void> read_output(process::Process& process, std::size_t bytes_max,
                                  ToolOutcome& outcome) {
    process::LineReader lines(process.out(), bytes_max);
    while (auto line = co_await lines.next()) {
        if (outcome.output.size() + line->text.size() >= bytes_max || line->cut)
            outcome.cut = true;
        else
            outcome.output.append(line->text).append("\n");
    }
}

asio::awaitable<void> read_complaints(process::Process& process, ToolOutcome& outcome) {
    process::LineReader lines(process.err(), kComplaintBytesMax);
    while (auto line = co_await lines.next()) {
        outcome.complaints.append(line->text).append("\n");
        if (outcome.complaints.size() > kComplaintBytesMax)
            outcome.complaints.erase(0, outcome.complaints.size() - kComplaintBytesMax);
    }
}

asio::awaitable<void> end(asio::any_io_executor executor, process::Process& process) {
    co_await process.async_wait();
    asio::steady_timer limit(executor, kDrainLimit);
    co_await limit.async_wait(asio::use_awaitable);
}

}  // namespace

asio::awaitable<result<ToolOutcome>> run_tool(asio::any_io_executor executor, ToolCommand command,
                                              Stop& stop) {
    MW_CO_TRY(auto running, start(executor, command));
    auto& process = running.process();
    ToolOutcome outcome;
    auto first = co_await (((read_output(process, command.output_bytes_max, outcome) &&
                             read_complaints(process, outcome)) ||
                            end(executor, process)) ||
                           stop.wait_requested());
    if (first.index() == 1) {
        process.signal_group(SIGTERM);
        if (!co_await process.async_wait_for(kEndGrace)) process.signal_group(SIGKILL);
        co_await process.async_wait();
        co_return fail(Errc::cancelled, stop.message());
    }
    outcome.status = co_await process.async_wait();
    auto failure = running.confined ? running.confined->failure() : std::string();
    if (!failure.empty())
        co_return fail(Errc::unavailable,
                       fmt::format("{} could not be started: {}",
                                   command.program.filename().string(), failure));
    co_return outcome;
}

}  // namespace mw::runner
