// Runs a program to its end and keeps what it printed; for short helpers such as git or initdb.
//
// Errors: a program that cannot be started; Errc::timeout, after which the process group is
// gone. A program that ran and failed is not an error here: look at `status`.
// Thread: one io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <string>

#include "base/error.hpp"
#include "infra/process/process.hpp"

namespace mw::process {

struct CommandLimits {
    std::chrono::milliseconds timeout = std::chrono::seconds(60);
    // Kept of each stream: the last bytes. What goes beyond is read and dropped.
    std::size_t max_output_bytes = 1024 * 1024;
};

struct CommandOutput {
    ExitStatus status;
    std::string out;
    std::string err;  // empty when `options.err` is Stdio::merge()
};

// `options.out` is replaced by a pipe, `options.err` by one too unless it is a merge.
boost::asio::awaitable<result<CommandOutput>> run_command(SpawnOptions options,
                                                          CommandLimits limits = {});

// The last `count` lines of a text, for an error message.
std::string last_lines(std::string_view text, std::size_t count);

}  // namespace mw::process
