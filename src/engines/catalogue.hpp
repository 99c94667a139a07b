// The catalogue of dbt engines: one YAML file an entry, with a lock file of all the packages of
// each of its adapter sets.
//
// An entry is a version of dbt; an adapter set is what of it is installed together: `base`
// (DuckDB and PostgreSQL), or dbt with the one adapter that the set is named after. One set is
// one folder of the installer.
//
// Reads files when loading (at start-up or in the command line), then is plain data for any
// thread.
// Errors: `invalid_argument` names the file and what is wrong in it; `not_found` for a dbt
// version that no entry serves, or an adapter that an entry has not, lists those that there are.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::engines {

// How an engine is run.
enum class Family {
    core1,   // dbt Core 1.x: Python, through the engine host
    core2,   // dbt Core 2: a native program, bin/dbt
    fusion,  // dbt Fusion: a native program, bin/dbt, under a licence of its own
    linter,  // no dbt: SQLFluff, in a Python environment of its own
};

std::string_view family_name(Family family);

// The entry that is no dbt.
inline constexpr std::string_view kLinter = "sqlfluff";

struct PythonRange {
    int least_minor = 0;  // of Python 3
    int below_minor = 0;

    bool contains(int major, int minor) const {
        return major == 3 && minor >= least_minor && minor < below_minor;
    }
    std::string describe() const;  // "Python 3.11 to 3.13"
};

// A database driver that a native engine loads, out of a package of the npm registry.
struct Driver {
    std::string name;        // as the engine asks for it: "duckdb"
    std::string version;     // of the database library
    std::string entrypoint;  // "duckdb_adbc_init"
    std::string machine;     // as uname has it: "x86_64"
    std::string npm;         // "@duckdb/node-bindings-linux-x64@1.5.6-r.1"
    std::string file;        // the package's file, as `npm pack` names it
    std::string sha256;      // of that file, hex
    std::string library;     // inside of it: "package/libduckdb.so"
};

inline constexpr std::string_view kBaseSet = "base";

struct AdapterSet {
    std::string name;         // "base", "snowflake"
    std::string dbt_version;  // exact, as the engine itself tells it
    std::map<std::string, std::string> adapters;
    std::vector<std::string> packages;  // "dbt-core==1.11.16"
    std::vector<std::string> sources;   // built while they are installed: there is no wheel
    std::vector<Driver> drivers;        // for every machine
    // Shared libraries of the system that it cannot be imported without, and Debian's packages
    // that have them: {"libodbc.so.2", "libodbc2"}.
    std::map<std::string, std::string> libraries;
    std::vector<std::string> limits;  // sentences, beside the entry's
    PythonRange python;
    std::filesystem::path lock_file;
    std::string digest;  // SHA-256 of the lock file and the drivers' digests, hex
};

struct Entry {
    std::string name;   // as an environment names it: "1.11.0-latest"
    std::string title;  // for people: "dbt Core 1.11"
    Family family = Family::core1;
    std::string line;  // "1.11": every version of it is served by this entry; may be empty
    std::vector<std::string> aliases;
    std::string licence;
    std::string accept;               // what an operator must accept by name; else empty
    std::vector<std::string> limits;  // sentences

    bool installable = false;
    std::string reason;  // why it is not; else empty

    // The rest is there when it is installable.
    std::string dbt_version;       // of the base set
    std::vector<AdapterSet> sets;  // base first, then by name
    // What builds source packages and downloads wheels, for every entry the same.
    std::filesystem::path tools_lock_file;

    const AdapterSet& base() const { return sets.front(); }
    const AdapterSet* find_set(std::string_view set_name) const;

    // The set that has this adapter ("snowflake"); empty: the base set.
    result<const AdapterSet*> set_with(std::string_view adapter) const;

    // "athena, bigquery, …"
    std::string all_adapters() const;
};

class Catalogue {
  public:
    // Every *.yaml of the folder; each is checked whole, lock files included.
    static result<Catalogue> load(const std::filesystem::path& folder);

    // What `resolve_installable` finds, without reading the lock files of all other entries, which
    // are a megabyte: for a run, which wants this one at once.
    static result<Entry> load_entry(const std::filesystem::path& folder,
                                    std::string_view dbt_version);

    // SQLFluff's, which no dbt version means.
    static result<Entry> load_linter(const std::filesystem::path& folder);

    // The entry that a dbt version means: a name, an alias, or any version of an entry's line
    // ("1.11", "1.11.4", "1.11.latest", "1.11.0-latest"). It may be one that is not installable.
    result<const Entry*> resolve(std::string_view dbt_version) const;

    // The same, but an entry that is not installable is an error with its reason.
    result<const Entry*> resolve_installable(std::string_view dbt_version) const;

    // By version.
    const std::vector<Entry>& entries() const { return entries_; }

  private:
    result<> take(std::vector<Entry> entries);
    std::string what_there_is() const;
    std::vector<Entry> entries_;
};

}  // namespace mw::engines
