#include "base/served_names.hpp"

#include <algorithm>

namespace mw {
namespace {

// No name has a colon, or digits alone for its last label.
bool is_address(std::string_view host) {
    auto last = host.substr(host.rfind('.') + 1);
    return host.find(':') != host.npos ||
           std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<std::string> served_names(const Settings& settings) {
    auto hostname = settings.get("HOSTNAME");
    if (is_address(hostname)) return {hostname};
    return {hostname, "metadata." + hostname};
}

}  // namespace mw
