// One invocation of the engine, which ends early when the run is stopped.
//
// Thread: the io thread.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "roles/runner/engine/engine_session.hpp"
#include "roles/runner/stop.hpp"

namespace mw::runner {

// Returns when the invocation has ended, also after a stop: whoever calls asks `stop` which it was.
boost::asio::awaitable<result<InvocationExit>> invoke_until_stopped(EngineSession& engine,
                                                                    Stop& stop,
                                                                    Invocation invocation,
                                                                    EngineListener& listener);

}  // namespace mw::runner
