#include "infra/pg_server/cluster_checks.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "base/layout.hpp"
#include "infra/process/proc_info.hpp"
#include "infra/process/run_command.hpp"

namespace mw::pg_server {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

std::string first_line(const fs::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// Lock files begin with the postmaster's pid; a stand-alone backend writes it negative.
std::optional<pid_t> pid_in(const fs::path& lock_file) {
    auto line = first_line(lock_file);
    pid_t pid = 0;
    auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), pid);
    if (error != std::errc{} || pid == 0) return std::nullopt;
    return pid < 0 ? -pid : pid;
}

// A server's working folder is its data folder. Of another user's process that cannot be read:
// then its name must do.
bool serves(pid_t pid, const fs::path& data_dir) {
    if (!process::start_ticks(pid)) return false;
    if (auto folder = process::working_folder(pid)) {
        std::error_code error;
        return fs::equivalent(*folder, data_dir, error);
    }
    auto name = first_line(fmt::format("/proc/{}/comm", pid));
    return name == "postgres" || name == "postmaster";
}

void remove_if_not_serving(const fs::path& lock_file, const fs::path& data_dir) {
    auto pid = pid_in(lock_file);
    if (!pid || serves(*pid, data_dir)) return;
    std::error_code ignored;
    fs::remove(lock_file, ignored);
}

std::unexpected<Error> foreign(const fs::path& data_dir, std::string what) {
    return fail(Errc::conflict,
                fmt::format("{} {}; nothing was changed: choose another data folder with "
                            "--data-dir",
                            data_dir.string(), what));
}

}  // namespace

std::optional<int> parse_major(std::string_view line) {
    constexpr std::string_view kMark = "(PostgreSQL) ";
    auto at = line.find(kMark);
    if (at == line.npos) return std::nullopt;
    line.remove_prefix(at + kMark.size());
    int major = 0;
    auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), major);
    if (error != std::errc{} || major <= 0) return std::nullopt;
    return major;
}

result<> check_programs(const fs::path& programs) {
    for (const char* name : {"postgres", "initdb"})
        if (::access((programs / name).c_str(), X_OK) != 0)
            return fail(Errc::not_found,
                        fmt::format("PostgreSQL's server program {} is missing: install the "
                                    "Debian package postgresql-15, or say where it is with "
                                    "MILLWRIGHT_POSTGRES_BIN",
                                    (programs / name).string()));
    return {};
}

asio::awaitable<result<int>> server_major(fs::path programs) {
    MW_CO_CHECK(check_programs(programs));
    process::SpawnOptions command;
    command.program = programs / "postgres";
    command.args = {"--version"};
    command.environment = {{"LC_ALL", "C.UTF-8"}};
    MW_CO_TRY(auto output, co_await process::run_command(std::move(command),
                                                         {.timeout = std::chrono::seconds(10)}));
    auto major = parse_major(output.out);
    if (!output.status.success() || !major)
        co_return fail(Errc::unavailable,
                       fmt::format("{} does not tell its version: {}",
                                   (programs / "postgres").string(), output.status.describe()));
    constexpr int kLeastMajor = 13;
    if (*major < kLeastMajor)
        co_return fail(Errc::unavailable,
                       fmt::format("{} is version {}, and {} is the least that serves",
                                   (programs / "postgres").string(), *major, kLeastMajor));
    co_return *major;
}

result<FolderState> inspect_data_folder(const fs::path& data_dir, int major, uid_t owner) {
    struct stat facts{};
    if (::lstat(data_dir.c_str(), &facts) != 0) {
        if (errno == ENOENT) return FolderState::absent;
        return fail(Errc::unavailable, fmt::format("{} cannot be looked into: {}",
                                                   data_dir.string(), std::strerror(errno)));
    }
    if (!S_ISDIR(facts.st_mode)) return foreign(data_dir, "is not a folder");
    if (facts.st_uid != owner)
        return foreign(data_dir,
                       fmt::format("belongs to system user {}, not to {} that PostgreSQL would run "
                                   "as",
                                   facts.st_uid, owner));
    std::error_code error;
    bool empty = fs::is_empty(data_dir, error);
    if (error)
        return fail(Errc::unavailable, fmt::format("{} cannot be looked into: {}",
                                                   data_dir.string(), error.message()));
    if (empty) return FolderState::absent;
    if (!fs::exists(data_dir / kMarkerFile, error)) {
        auto version = first_line(data_dir / "PG_VERSION");
        return foreign(data_dir, version.empty()
                                     ? "holds files that Millwright did not make"
                                     : fmt::format("holds a PostgreSQL {} data folder that "
                                                   "Millwright did not make",
                                                   version));
    }
    auto version = first_line(data_dir / "PG_VERSION");
    if (version != std::to_string(major))
        return foreign(data_dir,
                       fmt::format("was made by PostgreSQL {}, and the server installed here is "
                                   "{}: set MILLWRIGHT_POSTGRES_BIN to programs of version {}",
                                   version.empty() ? "of an unknown version" : version, major,
                                   version.empty() ? "that made it" : version));
    return FolderState::ours;
}

std::optional<pid_t> live_postmaster(const fs::path& data_dir) {
    auto pid = pid_in(data_dir / "postmaster.pid");
    if (!pid || !serves(*pid, data_dir)) return std::nullopt;
    return pid;
}

void clear_stale_locks(const Cluster& cluster) {
    remove_if_not_serving(cluster.data_dir / "postmaster.pid", cluster.data_dir);
    auto socket_lock = cluster.socket_dir / kPostgresSocketName;
    socket_lock += ".lock";
    remove_if_not_serving(socket_lock, cluster.data_dir);
}

}  // namespace mw::pg_server
