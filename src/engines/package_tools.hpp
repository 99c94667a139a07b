// The programs that fetch and check packages: uv, pip, npm, tar; for the installer and the
// wheelhouse alone.
//
// Blocking. Errors: `not_found` a program is missing, `upstream_failed` it failed: the message
// begins with `purpose` and ends in the program's own last lines.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "engines/catalogue.hpp"
#include "engines/installer.hpp"

namespace mw::engines {

class PackageTools {
  public:
    // The options' paths are absolute. `keep_fd`: the lock, which a program of ours shares.
    PackageTools(const InstallOptions& options, std::string purpose, int keep_fd,
                 const Progress& progress)
        : options_(options), purpose_(std::move(purpose)), keep_fd_(keep_fd), progress_(progress) {}

    // The interpreter is there and its version fits the set.
    result<> check_python(const Entry& entry, const AdapterSet& set) const;

    // A virtual environment without any package.
    result<> make_environment(const std::filesystem::path& folder) const;

    // Everything of a lock file and nothing else; packages named in `sources` are built with what
    // is in the lock file of tools.
    result<> install(const std::filesystem::path& environment,
                     const std::filesystem::path& lock_file,
                     const std::vector<std::string>& sources,
                     const std::filesystem::path& tools_lock_file) const;

    // The files of a lock file into `folder`. `environment` has pip.
    result<> download(const std::filesystem::path& environment,
                      const std::filesystem::path& lock_file,
                      const std::vector<std::string>& sources,
                      const std::filesystem::path& folder) const;

    // The driver's package into `folder`, its digest checked.
    result<> download(const Driver& driver, const std::filesystem::path& folder) const;

    // Takes the driver's library out of its package, which lies in `folder`, into `to`, after a
    // look at the package's digest.
    result<> unpack(const Driver& driver, const std::filesystem::path& folder,
                    const std::filesystem::path& to) const;

    // What a program of the engine prints, without the last line break.
    result<std::string> ask(const std::filesystem::path& program, std::vector<std::string> args,
                            const std::filesystem::path& cwd) const;

  private:
    result<> uv(std::vector<std::string> args) const;
    result<> run(std::string_view name, const std::filesystem::path& program,
                 std::vector<std::string> args, const std::filesystem::path& cwd) const;

    const InstallOptions& options_;
    std::string purpose_;
    int keep_fd_;
    const Progress& progress_;
};

// Those of a set's drivers that are for this machine; an error when it has some, none of them
// for this one.
result<std::vector<const Driver*>> drivers_here(const Entry& entry, const AdapterSet& set);

}  // namespace mw::engines
