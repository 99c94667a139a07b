// The switches that an account has, and how each stands until somebody has said otherwise.
#pragma once

#include <array>
#include <string_view>

namespace mw::account_features {

struct Feature {
    std::string_view name;
    bool by_default;
    bool can_be_had;  // here
};
// Those that Terraform manages (contract 1, "Account settings").
inline constexpr std::array kFeatures = {Feature{"advanced-ci", true, true},
                                         Feature{"partial-parsing", true, true},
                                         Feature{"repo-caching", true, true},
                                         Feature{"ai-features", false, false},
                                         Feature{"catalog-ingestion", false, true},
                                         Feature{"explorer-account-ui", false, true},
                                         Feature{"fusion-migration-permissions", false, true},
                                         Feature{"cost-insights", false, false},
                                         Feature{"warehouse-cost-visibility", false, false}};

inline constexpr std::string_view kRepoCaching = "repo-caching";

}  // namespace mw::account_features
