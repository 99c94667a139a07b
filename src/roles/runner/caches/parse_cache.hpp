// What dbt has parsed, kept from one run of an environment to the next: dbt's own partial parse
// file. dbt decides what of it still holds (version, variables, profile, changed files); here is
// only chosen whose file a run begins with, and the newest replaces the one before.
//
// A file that is not there, cannot be read or is too large costs a full parse and nothing else.
// Blocking file calls: a worker has nothing else to do meanwhile.
#pragma once

#include <filesystem>
#include <string>

#include "base/layout.hpp"
#include "roles/runner/run_spec.hpp"

namespace mw::runner {

class ParseCache {
  public:
    // Runs share a file when environment, engine, project folder and target are the same: with
    // any of them another, dbt would throw it away, and the runs would take turns in doing so.
    ParseCache(const Layout& layout, const RunSpec& spec, const std::filesystem::path& engine);

    // Puts the file where dbt looks for it, once a run; one that is there already stays.
    void bring(const std::filesystem::path& target_folder);
    // Keeps what dbt has left there, if it is another than was brought. A pull request's run only
    // takes: what it has parsed is not yet anybody's, and must not reach the runs of others.
    void keep(const std::filesystem::path& target_folder);

  private:
    std::filesystem::path file_;
    bool may_keep_ = true;
    bool brought_ = false;
    std::string kept_stamp_;
};

}  // namespace mw::runner
