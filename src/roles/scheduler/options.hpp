// The scheduler's settings, read and checked once.
#pragma once

#include <chrono>
#include <string>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "base/settings.hpp"

namespace mw::scheduler {

struct Options {
    // This machine and data folder; the same after a restart.
    std::string worker;
    int max_runs = 1;
    std::chrono::seconds lease{30};
    std::chrono::seconds poll{5};
    std::chrono::seconds log_flush{30};
    std::chrono::days run_retention{365};
    std::chrono::days history_retention{1095};
    std::chrono::seconds connection_test{60};  // what a test itself may take
    std::size_t warm_hosts = 0;
    bool merge_memory = false;  // of the warm hosts' sessions
    std::filesystem::path parse_cache_dir;
    std::filesystem::path package_cache_dir;
    std::filesystem::path repository_cache_dir;

    // The error names the setting.
    static result<Options> from(const Settings& settings, const Layout& layout);
};

}  // namespace mw::scheduler
