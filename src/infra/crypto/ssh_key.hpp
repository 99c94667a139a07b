// A key pair for ssh, Ed25519, in OpenSSH's formats.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace mw::crypto {

struct SshKey {
    std::string public_key;  // "ssh-ed25519 AAAA… comment", one line
    Secret private_key;      // "-----BEGIN OPENSSH PRIVATE KEY-----…", without a passphrase
};

// `comment` has no line breaks. Safe from any thread.
SshKey make_ssh_key(std::string_view comment);

}  // namespace mw::crypto
