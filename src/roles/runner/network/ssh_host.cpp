#include "roles/runner/network/ssh_host.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>

namespace mw::runner {
namespace {

constexpr int kUsualPort = 22;

std::optional<int> port_of(std::string_view text) {
    int port = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
        return std::nullopt;
    return port;
}

std::optional<SshHost> host_of(std::string_view name, int port) {
    if (name.empty()) return std::nullopt;
    SshHost host{.name = {}, .port = port};
    for (unsigned char c : name)
        host.name += static_cast<char>(std::tolower(c));
    return host;
}

// "host", "host:22", "[::1]", "[::1]:22"
std::optional<SshHost> host_with_port(std::string_view text) {
    auto name = text;
    std::string_view rest;
    if (text.starts_with('[')) {
        auto end = text.find(']');
        if (end == text.npos) return std::nullopt;
        name = text.substr(1, end - 1);
        rest = text.substr(end + 1);
    } else if (auto colon = text.find(':'); colon != text.npos) {
        name = text.substr(0, colon);
        rest = text.substr(colon);
    }
    if (rest.size() <= 1) return host_of(name, kUsualPort);
    auto port = port_of(rest.substr(1));
    return port ? host_of(name, *port) : std::nullopt;
}

}  // namespace

std::optional<SshHost> ssh_host_of(std::string_view git_url) {
    static constexpr std::array<std::string_view, 3> kSchemes{"ssh://", "git+ssh://", "ssh+git://"};
    auto without_user = [](std::string_view text) {
        auto at = text.rfind('@');
        return at == text.npos ? text : text.substr(at + 1);
    };
    for (auto scheme : kSchemes)
        if (git_url.starts_with(scheme)) {
            auto rest = git_url.substr(scheme.size());
            return host_with_port(without_user(rest.substr(0, rest.find('/'))));
        }
    if (git_url.find("://") != git_url.npos) return std::nullopt;
    // git@host:path, git@[host]:path and git@[host:22]:path, but not a path with a colon in it.
    auto bracket = git_url.find('[');
    auto end = git_url.find(']');
    if (bracket != git_url.npos && end != git_url.npos &&
        git_url.substr(end + 1).starts_with(':') &&
        git_url.substr(0, bracket).find_first_of("/:") == git_url.npos) {
        auto inner = git_url.substr(bracket + 1, end - bracket - 1);
        bool is_address = inner.find(':') != inner.rfind(':');
        return is_address ? host_of(inner, kUsualPort) : host_with_port(inner);
    }
    auto colon = git_url.find(':');
    if (colon == git_url.npos || git_url.find('/') < colon) return std::nullopt;
    return host_of(without_user(git_url.substr(0, colon)), kUsualPort);
}

std::string to_text(const SshHost& host) {
    return fmt::format("{}:{}", host.name, host.port);
}

std::string known_hosts_name(const SshHost& host) {
    return host.port == kUsualPort ? host.name : fmt::format("[{}]:{}", host.name, host.port);
}

std::optional<SshHost> from_known_hosts_name(std::string_view name) {
    if (name.starts_with('[')) return host_with_port(name);
    return host_of(name, kUsualPort);
}

}  // namespace mw::runner
