// A PostgreSQL data folder of ours and the server for it.
//
// Errors: sentences that name the folder or the program; what initdb printed is in them.
// Thread: one io thread; file work here is small and happens at start-up.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "infra/process/process.hpp"

namespace mw::pg_server {

struct Cluster {
    std::filesystem::path programs;    // folder of postgres, initdb
    std::filesystem::path data_dir;    // PGDATA
    std::filesystem::path socket_dir;  // of .s.PGSQL.5432
    std::string superuser;             // with peer authentication: the system user's name
    std::string local_auth = "peer";   // how connections by the socket are checked
    // Off only for a server whose data may be lost, as a test's.
    bool durable = true;
    // Whom the programs run as; only root may choose.
    std::optional<process::Identity> identity = std::nullopt;
};

// File in a data folder that says we made it.
inline constexpr const char* kMarkerFile = "millwright.marker";

// libpq connection string to a database of the server; by the socket, without a password.
std::string conninfo(const Cluster& cluster, std::string_view database);

// Makes the data folder: initdb beside it, marker, then a rename, so that a crash or a full
// disk leaves nothing half-made under its name. The folder must be absent or empty.
boost::asio::awaitable<result<>> create_cluster(Cluster cluster);

// Writes our part of the configuration, which postgresql.conf includes; before every start,
// because the socket folder may have changed.
result<> write_server_config(const Cluster& cluster);

// The server in the foreground, logging to standard error.
process::SpawnOptions server_command(const Cluster& cluster);

// Whether the server takes connections. `blocking` does the name look-up part of connecting.
boost::asio::awaitable<bool> answers(boost::asio::thread_pool& blocking, Cluster cluster);

// Creates the database if it is absent.
boost::asio::awaitable<result<>> ensure_database(boost::asio::thread_pool& blocking,
                                                 Cluster cluster, std::string database);

}  // namespace mw::pg_server
