#include "roles/supervisor/embedded_postgres.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/log.hpp"
#include "infra/pg_server/cluster_checks.hpp"
#include "infra/process/privileges.hpp"

namespace mw::supervisor {

namespace asio = boost::asio;

pg_server::Cluster embedded_cluster(const Layout& layout, const Settings& settings) {
    // Peer authentication: the database's superuser is the system user that runs everything.
    return {.programs = settings.get("POSTGRES_BIN"),
            .data_dir = layout.postgres_dir,
            .socket_dir = layout.postgres_socket_dir,
            .superuser = process::current_user().name};
}

asio::awaitable<result<>> prepare_cluster(pg_server::Cluster cluster) {
    MW_CO_TRY(auto major, co_await pg_server::server_major(cluster.programs));
    MW_CO_TRY(auto state, pg_server::inspect_data_folder(cluster.data_dir, major, ::geteuid()));
    if (state == pg_server::FolderState::absent) {
        log::info("making the database's data folder",
                  {{"folder", cluster.data_dir.string()}, {"postgresql", major}});
        co_return co_await pg_server::create_cluster(cluster);
    }
    if (auto pid = pg_server::live_postmaster(cluster.data_dir))
        co_return fail(Errc::conflict,
                       fmt::format("another PostgreSQL server (pid {}) already serves {}: stop it "
                                   "first; nothing was changed",
                                   *pid, cluster.data_dir.string()));
    co_return result<>{};
}

ServiceSpec postgres_service(pg_server::Cluster cluster, asio::thread_pool& blocking) {
    ServiceSpec spec;
    spec.name = "postgres";
    spec.command = [cluster]() -> result<process::SpawnOptions> {
        pg_server::clear_stale_locks(cluster);
        MW_CHECK(pg_server::write_server_config(cluster));
        return pg_server::server_command(cluster);
    };
    spec.probe = [cluster, &blocking] { return pg_server::answers(blocking, cluster); };
    spec.passing_failure = predecessor_still_ends;
    // After a crash the server first replays its log, which takes as long as it takes.
    spec.start_limit = std::chrono::minutes(10);
    spec.stop_signal = SIGINT;    // fast: ends sessions, writes a checkpoint
    spec.last_warning = SIGQUIT;  // immediate: recovers at the next start
    return spec;
}

bool predecessor_still_ends(const std::deque<std::string>& last_lines) {
    return std::ranges::any_of(last_lines, [](const std::string& line) {
        return line.find("pre-existing shared memory block") != std::string::npos ||
               line.find("lock file \"postmaster.pid\" already exists") != std::string::npos;
    });
}

}  // namespace mw::supervisor
