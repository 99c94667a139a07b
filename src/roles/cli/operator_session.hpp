// The operator's API (features/operator_api) as the operator's commands use it, on the appliance's
// own machine; blocking from the outside.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "base/layout.hpp"

namespace mw::cli {

// One call, and what it answers; null sends no body. Errors: not_found when there is no appliance
// in the data folder, unavailable when it does not run, forbidden when somebody asks who is neither
// its user nor root; else the API's own words.
result<boost::json::value> ask_operator(const Layout& layout, std::string method, std::string path,
                                        const boost::json::value& body = nullptr);

}  // namespace mw::cli
