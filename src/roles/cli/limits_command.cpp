#include "roles/cli/limits_command.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cstdio>

#include "infra/cgroup/limits.hpp"
#include "roles/cli/operator_session.hpp"

namespace mw::cli {
namespace {

// In the words of the flags, before anybody is asked.
result<> check(const LimitsOptions& options) {
    auto refuse = [](const char* flag, const std::optional<std::string>& problem) -> result<> {
        if (!problem) return {};
        return fail(Errc::invalid_argument, fmt::format("{} {}", flag, *problem));
    };
    MW_CHECK(refuse("--memory-mb", cgroup::problem_with_memory_mb(options.memory_mb.value_or(0))));
    MW_CHECK(refuse("--cpus", cgroup::problem_with_cpus(options.cpus.value_or(0))));
    return refuse("--processes", cgroup::problem_with_processes(options.processes.value_or(0)));
}

result<boost::json::value> show_or_set(const Layout& layout, const LimitsOptions& options) {
    MW_CHECK(check(options));
    boost::json::object changes;
    if (options.memory_mb) changes["memory_mb"] = *options.memory_mb;
    if (options.cpus) changes["cpus"] = *options.cpus;
    if (options.processes) changes["processes"] = *options.processes;
    auto path = fmt::format("accounts/{}/run-limits/", options.account);
    if (changes.empty()) return ask_operator(layout, "GET", path);
    return ask_operator(layout, "POST", path, changes);
}

}  // namespace

int account_limits(const Layout& layout, const LimitsOptions& options) {
    auto limits = show_or_set(layout, options);
    if (limits) {
        fmt::print("{}\n", boost::json::serialize(*limits));
        return 0;
    }
    fmt::print(stderr, "millwright: {}\n", limits.error().message);
    return 1;
}

}  // namespace mw::cli
