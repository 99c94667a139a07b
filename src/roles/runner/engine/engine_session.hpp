// One dbt engine at the service of one run: it is started while the repository is still being
// fetched, and then executes the run's dbt commands one after the other.
//
// Implementations: core1_session.hpp (dbt Core 1.x through the engine host), native_session.hpp
// (dbt Core 2 and Fusion, a process for each command).
// Thread: the io thread. Destroying a session kills the engine and whatever it runs.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "dbt/event.hpp"

namespace mw::runner {

struct Invocation {
    std::vector<std::string> argv;                   // what follows the word "dbt"
    std::map<std::string, std::string> environment;  // the whole of it
    std::filesystem::path cwd;
    bool more_follow = false;  // so the engine may get ready for another
};

struct InvocationExit {
    int exit_code = 2;  // dbt's: 0 success, 1 a node or check failed, 2 anything else
    std::optional<std::string> error;
    std::optional<int> signal;
};

// Hears what an invocation says. While a call waits, nothing more is read from the engine.
class EngineListener {
  public:
    virtual ~EngineListener() = default;
    virtual boost::asio::awaitable<void> on_event(dbt::Event event) = 0;
    // A line that the command printed itself.
    virtual boost::asio::awaitable<void> on_output(std::string text) = 0;
    // What SQL returned, which is to be kept nowhere; nothing else that is heard holds any.
    virtual boost::asio::awaitable<void> on_rows(dbt::Rows rows) = 0;
};

class EngineSession {
  public:
    virtual ~EngineSession() = default;

    // Begins to get ready and returns at once.
    virtual result<> start() = 0;

    // One at a time. Errors: `upstream_failed` when the engine itself broke; a dbt command that
    // fails is an InvocationExit.
    virtual boost::asio::awaitable<result<InvocationExit>> invoke(Invocation invocation,
                                                                  EngineListener& listener) = 0;

    // Asks the invocation in progress to end (dbt's own Ctrl-C), and kills it after five seconds;
    // `invoke` then returns. Without one: nothing happens.
    virtual boost::asio::awaitable<void> cancel() = 0;

    // Ends everything at once; `invoke` fails.
    virtual void kill() = 0;
};

}  // namespace mw::runner
