// How people compare SSH keys. Pure.
#pragma once

#include <string>
#include <string_view>

namespace mw::crypto {

// "SHA256:…", as ssh prints it, of a public key in base64, as it stands in a known_hosts file.
// "unreadable" for what is not base64.
std::string ssh_fingerprint(std::string_view public_key);

}  // namespace mw::crypto
