#include "infra/pg_server/cluster.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "base/files.hpp"
#include "base/layout.hpp"
#include "base/log.hpp"
#include "infra/pg/connection.hpp"
#include "infra/process/run_command.hpp"

namespace mw::pg_server {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr const char* kConfigFile = "millwright.conf";
constexpr unsigned kConfigMode = 0644;

// clang-format off
const pg::Query kFindDatabase{"pg_server.find_database",
                              "SELECT 1 FROM pg_database WHERE datname = $1"};
// clang-format on

process::Environment server_environment() {
    // Messages in English, times in UTC, and nothing from our own environment.
    return {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}};
}

fs::path unfinished_folder(const Cluster& cluster) {
    auto path = cluster.data_dir;
    path += ".new";
    return path;
}

// Inside a quoted value of postgresql.conf.
std::string config_value(std::string_view text) {
    std::string out = "'";
    for (char c : text) {
        if (c == '\'' || c == '\\') out += c;
        out += c;
    }
    return out + "'";
}

process::SpawnOptions initdb_command(const Cluster& cluster) {
    process::SpawnOptions command;
    command.program = cluster.programs / "initdb";
    command.args = {"--pgdata=" + unfinished_folder(cluster).string(),
                    "--username=" + cluster.superuser,
                    "--auth-local=" + cluster.local_auth,
                    "--auth-host=reject",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--data-checksums",
                    "--no-instructions"};
    if (!cluster.durable) command.args.push_back("--no-sync");
    command.environment = server_environment();
    command.cwd = cluster.data_dir.parent_path();
    command.err = process::Stdio::merge();
    command.death_signal = SIGTERM;
    command.identity = cluster.identity;
    command.umask = 077;
    return command;
}

result<> append_include(const fs::path& folder) {
    std::ofstream file(folder / "postgresql.conf", std::ios::app);
    file << "\n# Settings of the appliance; written anew before every start.\n"
         << "include '" << kConfigFile << "'\n";
    file.flush();
    if (!file)
        return fail(file_error(errno, "PostgreSQL's configuration cannot be written", folder));
    return {};
}

// Why initdb failed, in one line: its own last words are the reason.
Error initdb_error(const Cluster& cluster, const process::CommandOutput& output) {
    std::string reason = process::last_lines(output.out, 1);
    for (std::string_view mark : {"FATAL:", "initdb: error:"}) {
        auto at = output.out.find(mark);
        if (at == std::string::npos) continue;
        auto begin = at + mark.size();
        auto end = std::min(output.out.find('\n', begin), output.out.size());
        begin = std::min(output.out.find_first_not_of(' ', begin), end);
        reason = output.out.substr(begin, end - begin);
        break;
    }
    log::error("initdb failed", {{"output", process::last_lines(output.out, 20)}});
    return {Errc::unavailable, fmt::format("PostgreSQL's data folder {} cannot be made: {}",
                                           cluster.data_dir.string(), reason)};
}

}  // namespace

std::string conninfo(const Cluster& cluster, std::string_view database) {
    return fmt::format("host={} user={} dbname={} connect_timeout=5",
                       quote_conninfo(cluster.socket_dir.string()),
                       quote_conninfo(cluster.superuser), quote_conninfo(database));
}

asio::awaitable<result<>> create_cluster(Cluster cluster) {
    auto unfinished = unfinished_folder(cluster);
    std::error_code error;
    fs::remove_all(unfinished, error);  // of an earlier attempt: only we use this name
    MW_CO_TRY(auto output, co_await process::run_command(initdb_command(cluster),
                                                         {.timeout = std::chrono::minutes(3)}));
    if (!output.status.success()) {
        fs::remove_all(unfinished, error);
        co_return fail(initdb_error(cluster, output));
    }
    MW_CO_CHECK(append_include(unfinished));
    MW_CO_CHECK(write_file_atomically(unfinished / kMarkerFile,
                                      "Made by Millwright for its embedded PostgreSQL server.\n",
                                      kConfigMode));
    if (::rename(unfinished.c_str(), cluster.data_dir.c_str()) != 0)
        co_return fail(
            file_error(errno, "PostgreSQL's data folder cannot be made", cluster.data_dir));
    co_return sync_folder(cluster.data_dir.parent_path());
}

result<> write_server_config(const Cluster& cluster) {
    // Modest memory, because the appliance shares its machine with dbt. Terse errors, because
    // the details of a constraint violation quote the row, and rows hold what logs must not.
    auto text = fmt::format(
        "# Written by Millwright before every start; changes belong into postgresql.conf,\n"
        "# below the line that includes this file.\n"
        "listen_addresses = ''\n"
        "unix_socket_directories = {}\n"
        "unix_socket_permissions = 0700\n"
        "port = 5432\n"
        "max_connections = 100\n"
        "shared_buffers = 64MB\n"
        "work_mem = 4MB\n"
        "maintenance_work_mem = 64MB\n"
        "max_wal_size = 512MB\n"
        "jit = off\n"
        "fsync = {}\n"
        "synchronous_commit = {}\n"
        "full_page_writes = {}\n"
        "logging_collector = off\n"
        "log_destination = 'stderr'\n"
        "log_line_prefix = '%m [%p] '\n"
        "log_min_messages = warning\n"
        "log_error_verbosity = terse\n"
        "log_timezone = 'UTC'\n"
        "timezone = 'UTC'\n"
        "lc_messages = 'C'\n"
        "password_encryption = 'scram-sha-256'\n",
        config_value(cluster.socket_dir.string()), cluster.durable ? "on" : "off",
        cluster.durable ? "on" : "off", cluster.durable ? "on" : "off");
    return write_file_atomically(cluster.data_dir / kConfigFile, text, kConfigMode);
}

process::SpawnOptions server_command(const Cluster& cluster) {
    process::SpawnOptions command;
    command.program = cluster.programs / "postgres";
    command.args = {"-D", cluster.data_dir.string()};
    command.environment = server_environment();
    command.cwd = cluster.data_dir;
    command.out = process::Stdio::pipe();
    command.err = process::Stdio::merge();
    // Fast shutdown: a server whose supervisor was killed ends in good order.
    command.death_signal = SIGINT;
    command.identity = cluster.identity;
    command.umask = 077;
    return command;
}

asio::awaitable<bool> answers(asio::thread_pool& blocking, Cluster cluster) {
    // No server has made its socket yet: spares a connection attempt.
    if (::access((cluster.socket_dir / kPostgresSocketName).c_str(), F_OK) != 0) co_return false;
    auto connection = co_await pg::Connection::open(blocking, conninfo(cluster, "postgres"));
    co_return connection.has_value();
}

asio::awaitable<result<>> ensure_database(asio::thread_pool& blocking, Cluster cluster,
                                          std::string database) {
    MW_CO_TRY(auto connection,
              co_await pg::Connection::open(blocking, conninfo(cluster, "postgres")));
    MW_CO_TRY(auto found, co_await connection->run(kFindDatabase, database));
    if (found.size() > 0) co_return result<>{};
    auto created = co_await connection->run_text("pg_server.create_database",
                                                 "CREATE DATABASE \"" + database + "\"");
    if (!created) co_return fail(std::move(created).error());
    co_return result<>{};
}

}  // namespace mw::pg_server
