// The way to one session of the engine host: over the pipes of a host that was started for it
// (cold), or over a connection to one that had imported dbt before (warm).
//
// Errors: `not_found` when no warm host serves; `unavailable` when none can be started.
// Thread: the io thread. Destroying a link ends the session and whatever it runs.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace mw::runner {

class EngineLink {
  public:
    using Stream = boost::asio::posix::stream_descriptor;

    virtual ~EngineLink() = default;
    virtual Stream& messages() = 0;
    virtual Stream& commands() = 0;

    // The process that holds the session, once the host has told it. From then on `kill` ends
    // everything in it, whatever state the host is in.
    virtual void set_holder(int pid) = 0;
    virtual void kill() = 0;

    // For people, when the messages have ended before they should.
    virtual boost::asio::awaitable<std::string> how_it_ended() = 0;
};

struct ColdHost {
    std::filesystem::path program;  // the engine's own interpreter
    std::vector<std::string> args;  // "-I", the host's script
    std::map<std::string, std::string> environment;
    std::filesystem::path cwd;
    // Where the host's complaints go when it cannot start; its last lines become the error.
    std::filesystem::path stderr_file;
};

result<std::unique_ptr<EngineLink>> start_cold(boost::asio::any_io_executor executor,
                                               const ColdHost& host);

// Does not wait: a host that listens takes the connection at once.
result<std::unique_ptr<EngineLink>> connect_warm(boost::asio::any_io_executor executor,
                                                 const std::filesystem::path& socket);

}  // namespace mw::runner
