// The sample project as a bare git repository in the data folder, so that runs fetch it as
// they would any other.
#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "base/layout.hpp"

namespace mw::sample {

// Makes or renews `<data>/git/shop.git` from the sample of the share folder; returns its path.
// The same sample gives the same commit. Blocking.
result<std::filesystem::path> make_sample_repository(const Layout& layout);

}  // namespace mw::sample
