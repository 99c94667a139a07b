// Files that a project has made, opened so that a link that it put there leads nowhere.
//
// Blocking file calls: a worker has nothing else to do meanwhile.
// Errors: `not_found`; `invalid_argument` for a link, a pipe and whatever else is no plain file;
// those of base/files.hpp else.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace mw::runner {

// `facts` are those of the open file.
result<UniqueFd> open_plain(const std::filesystem::path& file, struct stat& facts);

// The whole file; `limit_exceeded` when it is larger than max_bytes.
result<std::string> read_plain(const std::filesystem::path& file, std::size_t max_bytes);

}  // namespace mw::runner
