// Is the data folder fit to run from? Checked before anything is written, so that a wrong
// folder is left as it was found.
//
// Errors: one sentence: which folder, what is wrong, what to do.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "infra/process/privileges.hpp"

namespace mw::supervisor {

// PostgreSQL needs room to start and to stop; less than this is a full disk.
inline constexpr std::uint64_t kLeastFreeBytes = 256ULL * 1024 * 1024;

// The path itself or the nearest folder above it that exists.
std::filesystem::path nearest_existing(const std::filesystem::path& path);

// Room on the disk where `folder` is, or would be made.
result<> check_free_space(const std::filesystem::path& folder,
                          std::uint64_t least_bytes = kLeastFreeBytes);

// Every folder on the way to `path`, as far as it exists, may be entered by the effective user.
// `what` begins the sentence ("the data folder"), `advice` ends it.
result<> check_reachable(const std::filesystem::path& path, std::string_view what,
                         const process::ServiceUser& user, std::string_view advice);

// Makes data and run folder; as root they are given to the service user. A data folder of
// someone else is refused.
result<> create_folders(const Layout& layout, const process::ServiceUser& user);

// As the service user: the data folder can be written; tried, not guessed.
result<> check_writable(const Layout& layout);

// As the service user: the folder of sockets is private, and the folders in the data folder are
// there.
result<> prepare_data_folder(const Layout& layout);

}  // namespace mw::supervisor
