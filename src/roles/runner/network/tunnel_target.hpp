// Where a warehouse's profile leads, and the same by another address. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "roles/runner/run_spec.hpp"

namespace mw::runner {

struct TunnelTarget {
    std::string host;
    int port = 0;
};

// What extended attributes say counts, as in the profile itself. Errors: invalid_argument when the
// adapter is none that goes through an SSH tunnel, or the connection names no host.
result<TunnelTarget> tunnel_target(const ProfileSpec& profile);

// From now on the profile leads to that port of this machine.
void lead_through(ProfileSpec& profile, std::uint16_t port);

}  // namespace mw::runner
