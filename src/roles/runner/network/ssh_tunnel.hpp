// A way to a warehouse over another host, by the `ssh` program: a port of this machine leads to the
// warehouse, as long as the tunnel lives.
//
// ssh reads no configuration but what is given here, and the host must show the key that KnownHosts
// has for it. The tunnel's own key lies in a file only until ssh has come in, before any of the
// project's code runs.
// Errors: upstream_failed, with a sentence that says what is wrong with the tunnel.
// Thread: one io thread. Destroying it ends ssh.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "roles/runner/network/known_hosts.hpp"
#include "roles/runner/network/tunnel_target.hpp"
#include "roles/runner/run_spec.hpp"

namespace mw::runner {

// Where it may put what it needs.
struct TunnelPlaces {
    std::filesystem::path folder;  // of the work, private
    std::filesystem::path socket;  // with a path short enough for one
};

class SshTunnel {
  public:
    // Returns when the warehouse can be asked. Cancelling it ends ssh.
    static boost::asio::awaitable<result<SshTunnel>> open(TunnelSpec spec, TunnelTarget target,
                                                          TunnelPlaces places, KnownHosts& hosts);
    SshTunnel(SshTunnel&&) noexcept;
    SshTunnel& operator=(SshTunnel&&) = delete;
    ~SshTunnel();

    std::uint16_t port() const;
    // What ssh has said since it was asked last: why a connection through it failed.
    std::string take_words();

  private:
    struct State;
    explicit SshTunnel(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

// What ssh's words mean, as a sentence. Pure.
std::string explain_ssh_failure(std::string_view words, const TunnelSpec& spec);

}  // namespace mw::runner
