// `millwright engine install|download|list|verify|remove`: dbt engines from the catalogue.
#pragma once

#include <functional>

#include "base/layout.hpp"
#include "base/settings.hpp"

namespace CLI {
class App;
}

namespace mw::cli {

using EngineAction = std::function<int(const Settings&, const Layout&)>;

// Adds the subcommands; the one that is given on the command line is handed to `chosen`.
void add_engine_commands(CLI::App& app, std::function<void(EngineAction)> chosen);

}  // namespace mw::cli
