// From a dbt version ("1.11.0-latest") to an engine session on this machine.
//
// Errors: a sentence that says which versions and adapters there are, why one cannot be installed,
// or which command installs it here.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "engines/engine_lease.hpp"
#include "roles/runner/engine/confinement.hpp"
#include "roles/runner/engine/engine_session.hpp"
#include "roles/runner/workspace.hpp"

namespace mw::runner {

struct ChosenEngine {
    std::string title;  // "dbt Core 1.11 (1.11.16)"
    std::filesystem::path folder;
    std::filesystem::path bin;   // first in PATH
    bool is_native = false;      // dbt Core 2, Fusion
    engines::EngineLease lease;  // nobody removes it before the session has ended
    std::unique_ptr<EngineSession> session;
};

// Not started yet. What `scrubber` knows is masked before a long line is cut.
result<ChosenEngine> choose_engine(boost::asio::any_io_executor executor, const Layout& layout,
                                   const ConfinementSettings& confinement, const RunSpec& spec,
                                   const Workspace& workspace, const Scrubber& scrubber);

}  // namespace mw::runner
