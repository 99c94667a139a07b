// Fetches everything that the installation of an adapter set needs into a folder, for a site
// without the open internet: `install` with that folder as its wheelhouse then asks nobody.
//
// The files are those for this machine's processor and for the interpreter in the options. Their
// digests are checked here, and again when they are installed. A file appears in the folder whole
// or not at all; what is there already stays.
//
// Blocking. Errors: as in installer.hpp.
#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "engines/installer.hpp"

namespace mw::engines {

struct Downloaded {
    int files = 0;
    std::uint64_t bytes = 0;
};

// `options.engines_dir` and `options.wheelhouse` are not used.
result<Downloaded> download(const Entry& entry, const AdapterSet& set,
                            const InstallOptions& options, const std::filesystem::path& folder,
                            const Progress& progress);

}  // namespace mw::engines
