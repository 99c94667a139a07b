// The certificate that the appliance makes for itself at first start.
//
// ECDSA P-256, 825 days (the most that browsers take), for the given names and always for
// localhost, 127.0.0.1 and ::1. Blocking; called at start-up.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace mw::crypto {

// Afterwards the two files hold a certificate and its private key (0600).
//
// An existing pair is kept, unless it is one that this function made and it has expired (or is
// about to: 7 days), no longer matches its key or lacks one of the host names. A certificate
// that someone else issued is never replaced; if it doesn't belong to the key, that is an error.
//
// Errors: invalid_argument for a host name that can't be in a certificate, `unavailable` and
// the like from the disk, conflict for a foreign certificate without its key.
result<> ensure_self_signed(const std::filesystem::path& cert_path,
                            const std::filesystem::path& key_path,
                            const std::vector<std::string>& hostnames);

}  // namespace mw::crypto
