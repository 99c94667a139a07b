// Installs dbt engines, each adapter set into an immutable folder of its own below the engines
// folder:
//
//   <engines>/1.11.0-latest-base-3f2c9a1b4d5e/   the virtual environment; engine.json written last
//
// The folder is built under a name that nothing looks at and gets its own by one rename, after
// the engine has answered with the versions that the catalogue promises and the digests of its
// files are written down (manifest.hpp). Several installations at once wait for each other; what
// an interrupted one left is removed by the next.
//
// Blocking, for the command line: no shell, no io thread. `uv` does the work, with digests
// required and without ever downloading an interpreter; which package index it asks is the
// environment's affair (UV_*), or `wheelhouse` stands in for it.
// Errors: `not_found` uv, npm, the interpreter, a library or a driver's file is missing,
// `invalid_argument` the interpreter does not fit or the entry is not installable, `forbidden` its
// licence was not accepted, `unavailable` the disk, `upstream_failed` a program failed: the message
// ends in its own last lines.
#pragma once

#include <cstdint>
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

// "dbt 1.11.16", "SQLFluff 4.5.0"
std::string version_words(Family family, std::string_view version);

struct InstallOptions {
    std::filesystem::path engines_dir;
    std::filesystem::path uv_program = "uv";  // a bare name is looked up in PATH
    std::filesystem::path python_program = "/usr/bin/python3";
    std::filesystem::path npm_program = "npm";  // for drivers, unless there is a wheelhouse
    // A folder of wheels, for a site without a package index.
    std::optional<std::filesystem::path> wheelhouse = std::nullopt;
    // Keeps downloads for the next time; none: they are thrown away.
    std::optional<std::filesystem::path> cache_dir = std::nullopt;
    std::string accepted_licence = {};  // `accept` of an entry
};

struct InstalledEngine {
    std::string name;
    std::string set;
    std::string title;
    Family family = Family::core1;
    std::string dbt_version;
    std::map<std::string, std::string> adapters;
    std::string licence;
    std::string accepted_licence;
    std::string digest;           // of the adapter set
    std::string manifest_digest;  // empty: installed before there were manifests
    std::uint64_t bytes = 0;      // of all its files
    std::filesystem::path folder;

    std::filesystem::path python() const { return folder / "bin" / "python"; }
    // Of a native engine.
    std::filesystem::path program() const { return folder / "bin" / "dbt"; }
    // "dbt 1.11.16", "SQLFluff 4.5.0"
    std::string version_words() const { return engines::version_words(family, dbt_version); }
    // What a native engine's process needs in its environment to find its drivers.
    std::map<std::string, std::string> environment() const;
};

// Gets one line for people at a time.
using Progress = std::function<void(std::string_view)>;

// Whether the entry may be installed at all: it is installable, and its licence is free or was
// accepted by name.
result<> check_licence(const Entry& entry, std::string_view accepted_licence);

// Returns at once when this very set is installed already.
result<InstalledEngine> install(const Entry& entry, const AdapterSet& set,
                                const InstallOptions& options, const Progress& progress);

// Complete engines, by name and set; other folders are passed over.
std::vector<InstalledEngine> list_installed(const std::filesystem::path& engines_dir);

// The set as it stands in the catalogue now, if that is installed.
std::optional<InstalledEngine> find_installed(const std::filesystem::path& engines_dir,
                                              const Entry& entry, const AdapterSet& set);

// The installed folder for a run with this adapter. Errors: the entry has no such adapter; it is
// not installed, with the command that installs it.
result<InstalledEngine> find_for_adapter(const std::filesystem::path& engines_dir,
                                         const Entry& entry, std::string_view adapter);

// "millwright engine install 1.11.0-latest --adapter snowflake"
std::string install_command(const Entry& entry, const AdapterSet& set);

}  // namespace mw::engines
