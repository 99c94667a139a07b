// The SSH host keys that a run may trust: a key that was pinned is required; of a host that was
// never met the first key is taken, and told afterwards so that later runs require it.
//
// A host that the machine itself knows (/etc/ssh/ssh_known_hosts) must be the one it knows; what is
// pinned for it does not count, and it is not told.
// Thread: one io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "roles/runner/network/ssh_host.hpp"
#include "roles/runner/run_spec.hpp"

namespace mw::runner {

class KnownHosts {
  public:
    // `file` is where ssh reads and notes keys, in a folder that exists or can be made.
    KnownHosts(std::filesystem::path file, std::vector<HostKey> pinned,
               std::filesystem::path machine = "/etc/ssh/ssh_known_hosts");

    // What ssh is to be told for a connection to that host: "-oName=value", unquoted.
    boost::asio::awaitable<result<std::vector<std::string>>> options_for(SshHost host);

    // Those that ssh has noted since the last call. Only of hosts that were found to be right.
    std::vector<HostKey> take_seen();

    // Which key the host showed instead of which; empty when `words`, which are ssh's, are of
    // something else.
    boost::asio::awaitable<std::string> explain(SshHost host, std::string words);

  private:
    const HostKey* find_pinned(const SshHost& host) const;
    boost::asio::awaitable<bool> is_known_to_machine(const SshHost& host) const;
    result<> write(const SshHost& host, bool with_host);
    void read_noted();

    std::filesystem::path file_;
    std::vector<HostKey> pinned_;
    std::filesystem::path machine_;
    std::vector<HostKey> noted_;  // by ssh, not told yet
    std::vector<HostKey> told_;
};

// As the workers' API takes them.
boost::json::array to_json(const std::vector<HostKey>& keys);

// The lines of a known_hosts file, but for those that are hashed, marked or torn. Pure.
std::vector<HostKey> read_known_hosts(std::string_view text);

// The fingerprint in ssh's words that a host's key has changed; empty when there is none. Pure.
std::string offered_fingerprint(std::string_view words);

}  // namespace mw::runner
