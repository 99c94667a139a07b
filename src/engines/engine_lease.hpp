// An installed engine that must not be removed: whoever runs it holds a lease, which goes with the
// process however that ends; and its removal, which a lease refuses.
//
// A lease is a shared lock (flock) on the folder's engine.json, so it needs no right to write.
// Blocking, but for no longer than a look at the disk.
#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "engines/installer.hpp"

namespace mw::engines {

class EngineLease {
  public:
    // Errors: `not_found` when the engine has been or is being removed.
    static result<EngineLease> take(const std::filesystem::path& folder);

  private:
    explicit EngineLease(UniqueFd record) : record_(std::move(record)) {}
    UniqueFd record_;
};

// Takes the folder away by one rename, then deletes it. Waits for an installation to end.
// Errors: `conflict` when a run holds a lease, `not_found`, `unavailable` the disk.
result<> remove_engine(const std::filesystem::path& engines_dir, const InstalledEngine& engine,
                       const Progress& progress);

}  // namespace mw::engines
