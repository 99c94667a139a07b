// Processes that an earlier or a crashed part of the appliance has left behind.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>

#include "base/error.hpp"

namespace mw::supervisor {

// Waits until the processes that status.json names are gone: those of a supervisor that was
// killed get a signal by its death and are on their way out. What is still there after
// `patience` is killed. Only processes whose start time matches are meant.
boost::asio::awaitable<result<>> await_leftovers(
    std::filesystem::path status_file,
    std::chrono::milliseconds patience = std::chrono::seconds(10));

// Ends the children that we have adopted: SIGTERM, and SIGKILL to their groups after the
// deadline. Returns when there is none left.
boost::asio::awaitable<void> end_adopted(std::chrono::steady_clock::time_point deadline);

}  // namespace mw::supervisor
