// Where the dynamic parts run: a worker process for each run and each test of a connection, a
// server for each developer.
//
// One small interface, so that a machine's processes and a cluster's pods look alike to the
// scheduler: start, observe (list, take_ended), cancel, reap.
//
// Authority: PostgreSQL says which work *should* run (run_leases); an executor says which work
// *does* run here, and how it ended. It never decides what that means for a run.
// Errors: unavailable when work can't be started; trying again may help.
// Thread: one io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace mw::executor {

enum class Kind { run, develop, connection_test };

// "run", "develop", "connection-test": also the command that does it.
std::string_view kind_name(Kind kind);

struct WorkId {
    Kind kind = Kind::run;
    Id id = 0;
    friend auto operator<=>(const WorkId&, const WorkId&) = default;
};

// "run-12": also the name of its workspace.
std::string to_string(const WorkId& work);

struct StartRequest {
    WorkId work;
    // The work's only key. Reaches it by a pipe: never in argv, the environment or a file.
    Secret token;
    // Given back with Ended, so that a late end isn't taken for that of a newer attempt.
    std::string token_hash;
};

struct Running {
    WorkId work;
    std::string token_hash;
    Timestamp started_at;
};

struct Ended {
    WorkId work;
    std::string token_hash;
    std::string how;  // "ended with exit code 3", "was killed by signal 9 (Killed)"
};

class Executor {
  public:
    virtual ~Executor() = default;

    // An earlier attempt at the same work that still runs is killed first.
    virtual boost::asio::awaitable<result<>> start(StartRequest request) = 0;

    virtual std::vector<Running> list() const = 0;
    // What has ended since the last call; each end is given once.
    virtual std::vector<Ended> take_ended() = 0;

    // Asks the work to stop and kills what still runs after `grace`; 0 kills at once. Returns
    // immediately; the end is observed as any other.
    virtual void cancel(WorkId work, std::chrono::milliseconds grace) = 0;
    // The same for everything; returns when all of it is gone.
    virtual boost::asio::awaitable<void> cancel_all(std::chrono::milliseconds grace) = 0;

    // Work that may be running elsewhere or unseen.
    using Keep = std::function<boost::asio::awaitable<result<std::vector<WorkId>>>()>;

    // Removes what ended work left behind. Asks what to keep after it has looked, so that work
    // which is started meanwhile is not taken for ended. Says how much it removed.
    virtual boost::asio::awaitable<result<int>> reap(Keep keep) = 0;
};

}  // namespace mw::executor
