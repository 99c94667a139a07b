// Is a PostgreSQL data folder ours to touch, and may we serve it now? Looks, never writes, but
// for `clear_stale_locks`.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "infra/pg_server/cluster.hpp"

namespace mw::pg_server {

// The server programs are there; the message names the Debian package.
result<> check_programs(const std::filesystem::path& programs);

// They are, and of a version that we know: its major version. Runs `postgres --version`.
boost::asio::awaitable<result<int>> server_major(std::filesystem::path programs);

// "postgres (PostgreSQL) 15.7 (Debian …)" → 15
std::optional<int> parse_major(std::string_view version_line);

enum class FolderState {
    absent,  // or empty: a cluster can be made
    ours,    // a complete one that we made, of this version and owner
};

// Anything else in the folder is an error that says what, and that nothing was touched.
result<FolderState> inspect_data_folder(const std::filesystem::path& data_dir, int major,
                                        uid_t owner);

// The postmaster that serves the folder, if one does. A pid that now belongs to another program
// (the machine was restarted, numbers begin anew) does not count.
std::optional<pid_t> live_postmaster(const std::filesystem::path& data_dir);

// Removes lock files of postmasters that are gone, where PostgreSQL itself would stop because
// the pid is in use by some other program.
void clear_stale_locks(const Cluster& cluster);

}  // namespace mw::pg_server
