#include "roles/scheduler/options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace mw::scheduler {
namespace {

std::string machine_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
}

}  // namespace

result<Options> Options::from(const Settings& settings, const Layout& layout) {
    Options options;
    options.worker = fmt::format("{}/{}", machine_name(), short_hash(layout.data_dir.string()));
    MW_TRY(auto max_runs, settings.get_int("MAX_RUNS", 1, 10'000));
    options.max_runs = static_cast<int>(max_runs);
    MW_TRY(auto lease, settings.get_int("LEASE_SECONDS", 5, 3600));
    options.lease = std::chrono::seconds(lease);
    MW_TRY(auto poll, settings.get_int("SCHEDULER_POLL_SECONDS", 1, 3600));
    options.poll = std::chrono::seconds(poll);
    MW_TRY(auto log_flush, settings.get_int("LOG_FLUSH_SECONDS", 0, 86'400));
    options.log_flush = std::chrono::seconds(log_flush);
    MW_TRY(auto retention, settings.get_int("RUN_RETENTION_DAYS", 1, 36'500));
    options.run_retention = std::chrono::days(retention);
    MW_TRY(auto history, settings.get_int("HISTORY_RETENTION_DAYS", 31, 36'500));
    options.history_retention = std::chrono::days(history);
    MW_TRY(auto connection_test, settings.get_int("CONNECTION_TEST_SECONDS", 1, 3600));
    options.connection_test = std::chrono::seconds(connection_test);
    options.parse_cache_dir = layout.parse_cache_dir;
    options.package_cache_dir = layout.package_cache_dir;
    options.repository_cache_dir = layout.repository_cache_dir;
    MW_TRY(auto warm_hosts, settings.get_int("WARM_HOSTS", 0, 100));
    options.warm_hosts = static_cast<std::size_t>(warm_hosts);
    options.merge_memory = settings.get_bool("MERGE_MEMORY");
    return options;
}

}  // namespace mw::scheduler
