// The host that a git URL leads to over ssh. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mw::runner {

struct SshHost {
    std::string name;  // in small letters, as ssh looks for it
    int port = 22;
    friend bool operator==(const SshHost&, const SshHost&) = default;
};

// Of ssh://git@host:22/path and of git@host:path; empty for what does not go over ssh.
std::optional<SshHost> ssh_host_of(std::string_view git_url);

// "git.example.com:22", for people.
std::string to_text(const SshHost& host);

// As it stands in a known_hosts file: "host", or "[host]:2222".
std::string known_hosts_name(const SshHost& host);
std::optional<SshHost> from_known_hosts_name(std::string_view name);

}  // namespace mw::runner
