// Small blocking file helpers: errors with a sentence, whole-file read, atomic replace.
//
// Blocking: call at start-up, or through offload (base/offload.hpp).
// Errors: a full or read-only disk is `unavailable`, a missing file `not_found`, anything else
// `internal`. Messages say what and why but no path when `what` holds none; `detail` has the path.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace mw {

// What errno means for a caller; `what` is the action that failed ("the object cannot be stored").
Error file_error(int error_number, std::string_view what, const std::filesystem::path& path);

// The whole file; `limit_exceeded` when it is larger than max_bytes.
result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes);

// The rest of an open file; `path` is for errors.
result<std::string> read_file(int fd, const std::filesystem::path& path, std::size_t max_bytes);

// Writes all of it, whatever write(2) splits; false leaves the reason in errno.
bool write_all(int fd, std::string_view bytes);

// fsync of a folder, so that a rename or link in it survives a power cut.
result<> sync_folder(const std::filesystem::path& folder);

enum class IfExists {
    replace,
    fail,  // Errc::conflict, the existing file untouched
};

// Readers see the old content or the new, never a part; survives a power cut. The file gets
// exactly `mode` (e.g. 0600) whatever the umask.
result<> write_file_atomically(const std::filesystem::path& path, std::string_view bytes,
                               unsigned mode, IfExists if_exists = IfExists::replace);

}  // namespace mw
