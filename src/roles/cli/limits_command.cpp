#include "roles/cli/limits_command.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cstdio>

#include "base/described_json.hpp"
#include "features/accounts/account_store.hpp"
#include "features/audit/audit_store.hpp"
#include "infra/cgroup/limits.hpp"
#include "roles/cli/operator_database.hpp"

namespace mw::cli {
namespace {

namespace asio = boost::asio;

result<> check(const LimitsOptions& options) {
    auto refuse = [](const char* flag, const std::optional<std::string>& problem) -> result<> {
        if (!problem) return {};
        return fail(Errc::invalid_argument, fmt::format("{} {}", flag, *problem));
    };
    MW_CHECK(refuse("--memory-mb", cgroup::problem_with_memory_mb(options.memory_mb.value_or(0))));
    MW_CHECK(refuse("--cpus", cgroup::problem_with_cpus(options.cpus.value_or(0))));
    return refuse("--processes", cgroup::problem_with_processes(options.processes.value_or(0)));
}

asio::awaitable<result<accounts::RunLimits>> apply(pg::Connection& tx, LimitsOptions options) {
    MW_CO_TRY(auto found, co_await accounts::find_run_limits(tx, options.account));
    if (!found)
        co_return fail(Errc::not_found, fmt::format("there is no account {}", options.account));
    auto limits = *found;
    if (options.memory_mb) limits.memory_mb = static_cast<int>(*options.memory_mb);
    if (options.cpus) limits.cpus = *options.cpus;
    if (options.processes) limits.processes = static_cast<int>(*options.processes);
    if (options.memory_mb || options.cpus || options.processes) {
        MW_CO_CHECK(co_await accounts::set_run_limits(tx, options.account, limits));
        MW_CO_CHECK(co_await audit::record_system(tx, options.account, "millwright admin",
                                                  {.event = "account.run_limits_set",
                                                   .subject_type = "account",
                                                   .subject_id = options.account,
                                                   .data = described_to_json(limits)}));
    }
    co_return limits;
}

}  // namespace

int account_limits(const Layout& layout, const LimitsOptions& options) {
    auto done = check(options);
    if (done)
        done = with_database(
            layout, [&](pg::Pool& pool, const crypto::Sealer&) -> asio::awaitable<result<>> {
                auto body = [&](pg::Connection& tx) { return apply(tx, options); };
                MW_CO_TRY(auto limits, co_await pg::with_tx(pool, body));
                fmt::print("{}\n", boost::json::serialize(described_to_json(limits)));
                co_return result<>{};
            });
    if (done) return 0;
    fmt::print(stderr, "millwright: {}\n", done.error().message);
    return 1;
}

}  // namespace mw::cli
