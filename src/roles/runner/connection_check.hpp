// `millwright connection-test`: finds out whether a warehouse answers, by `dbt debug --connection`
// in a project made for it, confined as a run is; reports what dbt said, and ends.
//
// It takes CONNECTION_TEST_SECONDS at most. Nothing in what it reports is secret.
#pragma once

#include <string>
#include <string_view>

#include "base/layout.hpp"
#include "base/settings.hpp"

namespace mw::runner {

// Exit codes as run_worker's.
int run_connection_test(const Settings& settings, const Layout& layout);

// The adapter's own words in what `dbt debug` said; empty when there are none. Pure.
std::string adapter_words(std::string_view output);

}  // namespace mw::runner
