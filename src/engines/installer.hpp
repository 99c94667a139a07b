// Installs dbt engines, each into an immutable folder of its own below the engines folder:
//
//   <engines>/1.11.0-latest-3f2c9a1b4d5e/   the virtual environment; engine.json written last
//
// The folder is built under a name that nothing looks at and gets its own by one rename, after
// the engine has answered with the versions that the catalogue promises. Several installations
// at once wait for each other; what an interrupted one left is removed by the next.
//
// Blocking, for the command line: no shell, no io thread. `uv` does the work, with digests
// required and without ever downloading an interpreter; which package index it asks is the
// environment's affair (UV_*), or `wheelhouse` stands in for it.
// Errors: `not_found` uv or the interpreter is missing, `invalid_argument` the interpreter does
// not fit or the entry is not installable, `unavailable` the disk, `upstream_failed` uv failed:
// the message ends in uv's own last lines.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "engines/catalogue.hpp"

namespace mw::engines {

struct InstallOptions {
    std::filesystem::path engines_dir;
    std::filesystem::path uv_program = "uv";  // a bare name is looked up in PATH
    std::filesystem::path python_program = "/usr/bin/python3";
    // A folder of wheels, for a site without a package index.
    std::optional<std::filesystem::path> wheelhouse = std::nullopt;
    // Keeps downloads for the next time; none: they are thrown away.
    std::optional<std::filesystem::path> cache_dir = std::nullopt;
};

struct InstalledEngine {
    std::string name;
    std::string dbt_version;
    std::map<std::string, std::string> adapters;
    std::string lock_digest;
    std::filesystem::path folder;

    std::filesystem::path python() const { return folder / "bin" / "python"; }
};

// Gets one line for people at a time.
using Progress = std::function<void(std::string_view)>;

// Returns at once when this very lock is installed already.
result<InstalledEngine> install(const Entry& entry, const InstallOptions& options,
                                const Progress& progress);

// Complete engines, by name; other folders are passed over.
std::vector<InstalledEngine> list_installed(const std::filesystem::path& engines_dir);

// The entry as it stands in the catalogue now, if that is installed.
std::optional<InstalledEngine> find_installed(const std::filesystem::path& engines_dir,
                                              const Entry& entry);

}  // namespace mw::engines
