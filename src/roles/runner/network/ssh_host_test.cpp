#include "roles/runner/network/ssh_host.hpp"

#include <gtest/gtest.h>

namespace mw::runner {
namespace {

TEST(SshHost, IsReadFromGitsAddresses) {
    const std::pair<const char*, SshHost> cases[] = {
        {"ssh://git@Git.Example.com/shop.git", {"git.example.com", 22}},
        {"ssh://git@git.example.com:2222/shop.git", {"git.example.com", 2222}},
        {"git+ssh://h/x", {"h", 22}},
        {"ssh://git@[::1]:2222/x", {"::1", 2222}},
        {"ssh://[fe80::1]/x", {"fe80::1", 22}},
        {"git@git.example.com:team/shop.git", {"git.example.com", 22}},
        {"host:shop.git", {"host", 22}},
        {"git@[::1]:shop.git", {"::1", 22}},
        {"git@[host:2222]:shop.git", {"host", 2222}},
    };
    for (const auto& [url, host] : cases)
        EXPECT_EQ(ssh_host_of(url), host) << url;
    for (auto url : {"https://me@host/shop.git", "file:///srv/shop.git", "/srv/a:b/shop.git",
                     "git://host/x", "ssh://host:none/x", "./a:b", ""})
        EXPECT_FALSE(ssh_host_of(url)) << url;
}

TEST(SshHost, HasItsNameInAFileOfKnownHosts) {
    for (const auto& [host, name] : {std::pair<SshHost, const char*>{{"h", 22}, "h"},
                                     {{"h", 2222}, "[h]:2222"},
                                     {{"::1", 22}, "::1"},
                                     {{"::1", 2222}, "[::1]:2222"}}) {
        EXPECT_EQ(known_hosts_name(host), name);
        EXPECT_EQ(from_known_hosts_name(name), host);
    }
    EXPECT_EQ(to_text({"h", 22}), "h:22");
}

}  // namespace
}  // namespace mw::runner
