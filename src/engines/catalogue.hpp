// The catalogue of dbt engines: one YAML file an entry, with a lock file of all its packages.
//
// Reads files when loading (at start-up or in the command line), then is plain data for any
// thread.
// Errors: `invalid_argument` names the file and what is wrong in it; `not_found` for a dbt
// version that no entry serves lists those that there are.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::engines {

// How an engine is run.
enum class Family {
    core1,  // dbt Core 1.x, through the engine host
};

struct PythonRange {
    int least_minor = 0;  // of Python 3
    int below_minor = 0;

    bool contains(int major, int minor) const {
        return major == 3 && minor >= least_minor && minor < below_minor;
    }
    std::string describe() const;  // "Python 3.11 to 3.13"
};

struct Entry {
    std::string name;   // as an environment names it: "1.11.0-latest"
    std::string title;  // for people: "dbt Core 1.11"
    Family family = Family::core1;
    std::string line;  // "1.11": every version of it is served by this entry
    std::vector<std::string> aliases;
    std::string licence;
    std::vector<std::string> limits;  // sentences

    bool installable = false;
    std::string reason;  // why it is not; else empty

    // The rest is there when it is installable.
    std::string dbt_version;  // exact
    std::map<std::string, std::string> adapters;
    std::vector<std::string> packages;  // "dbt-core==1.11.16"
    PythonRange python;
    std::filesystem::path lock_file;
    std::string lock_digest;  // SHA-256 of the lock file, hex
};

class Catalogue {
  public:
    // Every *.yaml of the folder; each is checked whole, lock file included.
    static result<Catalogue> load(const std::filesystem::path& folder);

    // The entry that a dbt version means: a name, an alias, or any version of an entry's line
    // ("1.11", "1.11.4", "1.11.latest", "1.11.0-latest"). It may be one that is not installable.
    result<const Entry*> resolve(std::string_view dbt_version) const;

    // The same, but an entry that is not installable is an error with its reason.
    result<const Entry*> resolve_installable(std::string_view dbt_version) const;

    // By name.
    const std::vector<Entry>& entries() const { return entries_; }

  private:
    std::string what_there_is() const;
    std::vector<Entry> entries_;
};

}  // namespace mw::engines
