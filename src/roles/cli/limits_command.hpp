// `millwright admin limits`: what each run of an account may use; straight in the database, because
// it is the operator's word and not the account's.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.hpp"
#include "base/layout.hpp"

namespace mw::cli {

struct LimitsOptions {
    Id account = 1;
    // Those that are given are set; 0: no limit.
    std::optional<std::int64_t> memory_mb;
    std::optional<double> cpus;
    std::optional<std::int64_t> processes;
};

// Prints the limits as they then are, as JSON. The process's exit code.
int account_limits(const Layout& layout, const LimitsOptions& options);

}  // namespace mw::cli
