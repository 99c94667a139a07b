// Where everything lies on disk, derived from the settings once and never spelled elsewhere.
//
// All paths are absolute. Nothing is created by deriving them: `prepare_private_folder` does
// that for the folder of sockets, the supervisor for the data folder.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/settings.hpp"

namespace mw {

struct Layout {
    std::filesystem::path program;    // this very executable
    std::filesystem::path data_dir;   // all that must survive
    std::filesystem::path run_dir;    // sockets; gone after a reboot
    std::filesystem::path share_dir;  // web/, engines/, engine_host/, sample/, migrations/

    std::filesystem::path engines_dir;       // installed dbt engines
    std::filesystem::path store_dir;         // object store of the embedded default
    std::filesystem::path postgres_dir;      // the embedded server's data folder
    std::filesystem::path keys_dir;          // 0700: master key, TLS key
    std::filesystem::path logs_dir;          // one file a role
    std::filesystem::path repositories_dir;  // managed git repositories, a bare one a folder
    std::filesystem::path workspaces_dir;    // one folder a run in progress
    std::filesystem::path parse_cache_dir;   // what dbt has parsed, a file an environment
    std::filesystem::path
        package_cache_dir;  // what `dbt deps` has installed, some folders a project
    std::filesystem::path repository_cache_dir;  // copies of repositories that runs fetch

    std::filesystem::path web_dir;               // share/web
    std::filesystem::path migrations_dir;        // share/migrations
    std::filesystem::path engine_catalogue_dir;  // share/engines
    std::filesystem::path engine_host_dir;       // share/engine_host
    std::filesystem::path sample_dir;            // share/sample

    std::filesystem::path app_socket;           // the public API, behind the gateway
    std::filesystem::path internal_socket;      // the workers' API
    std::filesystem::path operator_socket;      // for the operator's commands
    std::filesystem::path postgres_socket_dir;  // run_dir
    std::filesystem::path tls_cert;
    std::filesystem::path tls_key;
    std::filesystem::path master_key_file;
    std::filesystem::path status_file;      // data/status.json
    std::filesystem::path supervisor_lock;  // data/supervisor.lock
    std::filesystem::path limits_file;      // run/limits.json: the groups that limit runs

    std::string object_store;  // "file:/…", as the setting or its default
    // libpq connection string: DATABASE_URL, or the embedded server by its socket. May hold a
    // password: never logged, never in argv.
    std::string database_conninfo;
    bool embedded_database = true;

    // Of the warm host of an engine that is installed in this folder.
    std::filesystem::path warm_socket(const std::filesystem::path& engine_folder) const;

    // Of the SSH tunnel of the work that goes on in this workspace.
    std::filesystem::path tunnel_socket(const std::filesystem::path& workspace) const;

    // Fails when a socket path would not fit into a socket address (107 bytes).
    static result<Layout> from(const Settings& settings);
};

// The embedded server's database.
inline constexpr std::string_view kDatabaseName = "millwright";
// File name of PostgreSQL's socket in its socket folder.
inline constexpr std::string_view kPostgresSocketName = ".s.PGSQL.5432";

// A value inside a libpq connection string.
std::string quote_conninfo(std::string_view value);

// The first 8 hex digits of a hash of `text`: the same on every machine and in every version.
std::string short_hash(std::string_view text);

// Creates `folder` (0700, owned by the calling user) or accepts it when it is exactly that; a
// symbolic link, another owner or a folder that others may enter is refused: in a shared
// folder such as /tmp, someone else may have been there first.
result<> prepare_private_folder(const std::filesystem::path& folder);

}  // namespace mw
