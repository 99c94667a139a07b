// A program that is no dbt and that a run needs once (a linter): started for one command, confined
// as the engine is, its output kept.
//
// Errors: `unavailable` when it cannot be started; `cancelled` when the run was stopped; how it
// ended else is in the result. Thread: the io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "infra/process/process.hpp"
#include "infra/sandbox/plan.hpp"
#include "roles/runner/stop.hpp"

namespace mw::runner {

struct ToolCommand {
    std::filesystem::path program;
    std::vector<std::string> args;
    std::map<std::string, std::string> environment;  // the whole of it
    std::filesystem::path cwd;                       // as the tool sees it
    // Empty: the project is trusted, and nothing is kept from it.
    std::optional<sandbox::Plan> confinement;
    std::filesystem::path confiner;
    std::vector<std::filesystem::path> doors;  // of the run's group
    std::size_t output_bytes_max = 64UL * 1024 * 1024;
};

struct ToolOutcome {
    process::ExitStatus status;
    std::string output;
    bool cut = false;        // there was more output than may be kept
    std::string complaints;  // the end of what it wrote to standard error
};

boost::asio::awaitable<result<ToolOutcome>> run_tool(boost::asio::any_io_executor executor,
                                                     ToolCommand command, Stop& stop);

}  // namespace mw::runner
