// `millwright engine remove`: which folders are meant, and whether somebody relies on them.
//
// Blocking. Errors: `not_found` no such engine is installed, `conflict` an environment, a job or a
// run uses it, which the message names; `unavailable` the database cannot be asked.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "engines/catalogue.hpp"
#include "engines/installer.hpp"
#include "features/environments/engine_use_store.hpp"

namespace mw::cli {

struct RemovalWish {
    std::string version;                // as an environment names it, or the name of a folder
    std::vector<std::string> adapters;  // none: the base set
    bool force = false;                 // whatever environments and jobs say
};

result<std::vector<engines::InstalledEngine>> remove_engines(const engines::Catalogue& catalogue,
                                                             const Layout& layout,
                                                             const RemovalWish& wish,
                                                             const engines::Progress& progress);

// Who would miss this set, in words: `environment "Production" of project "Shop"`.
std::vector<std::string> users_of(const engines::Catalogue& catalogue, const engines::Entry& entry,
                                  const engines::AdapterSet& set,
                                  const std::vector<environments::EngineUse>& uses);

}  // namespace mw::cli
