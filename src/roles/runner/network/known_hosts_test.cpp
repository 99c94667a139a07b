#include "roles/runner/network/known_hosts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "test_support/run_on.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::runner {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto kKey = "AAAAC3NzaC1lZDI1NTE5AAAAILs/mGqaVRo2mUfNJ8mrfEubswc3QvEgabD+U79enVPm";
constexpr auto kPrint = "SHA256:DP2r6T/UQvMS/7lrAF7mxPDrQIDQR11bTmNCj1lybtE";
constexpr auto kOther = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
constexpr auto kChanged =
    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n"
    "The fingerprint for the ED25519 key sent by the remote host is\nSHA256:newAndOther.\n"
    "Please contact your system administrator.\nHost key verification failed.\n";

class KnownHostsTest : public testing::Test {
  protected:
    KnownHosts hosts(std::vector<HostKey> pinned) { return {file_, std::move(pinned), machine_}; }
    std::vector<std::string> options(KnownHosts& hosts, SshHost host) {
        return test::run_on(io_, [&] { return hosts.options_for(host); }).value();
    }
    std::string explain(KnownHosts& hosts, SshHost host, std::string words) {
        return test::run_on(io_, [&] { return hosts.explain(host, words); });
    }
    std::string content() {
        std::ifstream in(file_);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void append(std::string line, const fs::path& file) {
        std::ofstream(file, std::ios::app) << line << "\n";
    }

    test::TempDir folder_;
    boost::asio::io_context io_;
    fs::path file_ = folder_.path() / ".ssh" / "known_hosts";
    fs::path machine_ = folder_.path() / "ssh_known_hosts";
    HostKey pinned_{"git.example.com", 2222, "ssh-ed25519", kKey};
    SshHost host_{"git.example.com", 2222};
};

TEST_F(KnownHostsTest, APinnedKeyIsRequired) {
    auto known = hosts({pinned_});
    EXPECT_THAT(options(known, host_), Contains("-oStrictHostKeyChecking=yes"));
    EXPECT_EQ(content(), std::string("[git.example.com]:2222 ssh-ed25519 ") + kKey + "\n");
    EXPECT_THAT(options(known, {"git.example.com", 22}),
                Contains("-oStrictHostKeyChecking=accept-new"));
    EXPECT_THAT(known.take_seen(), IsEmpty());
}

TEST_F(KnownHostsTest, AKeyThatIsSeenFirstIsToldOnce) {
    auto known = hosts({pinned_});
    options(known, {"other", 22});
    append(std::string("other ssh-ed25519 ") + kOther, file_);
    // A second host, before the first was told.
    options(known, host_);
    EXPECT_THAT(known.take_seen(), ElementsAre(HostKey{"other", 22, "ssh-ed25519", kOther}));
    EXPECT_THAT(known.take_seen(), IsEmpty());
    options(known, host_);
    EXPECT_THAT(content(), HasSubstr(kOther));
}

TEST_F(KnownHostsTest, WhatTheMachineKnowsCounts) {
    append(std::string("[git.example.com]:2222 ssh-ed25519 ") + kOther, machine_);
    auto known = hosts({pinned_});
    EXPECT_THAT(options(known, host_), Contains("-oStrictHostKeyChecking=accept-new"));
    EXPECT_THAT(content(), Not(HasSubstr(kKey)));
    EXPECT_THAT(explain(known, host_, kChanged),
                AllOf(HasSubstr(machine_.string()), HasSubstr("SHA256:newAndOther")));
}

TEST_F(KnownHostsTest, AChangedKeyIsExplained) {
    auto known = hosts({pinned_});
    EXPECT_THAT(explain(known, host_, kChanged),
                AllOf(HasSubstr("git.example.com:2222"), HasSubstr("SHA256:newAndOther instead"),
                      HasSubstr(kPrint), HasSubstr("SSH host keys")));
    EXPECT_EQ(explain(known, host_, "Permission denied (publickey)."), "");
}

TEST(KnownHostsFile, IsReadAsFarAsItCanBe) {
    auto keys = read_known_hosts(std::string("# comment\n\nh ssh-ed25519 ") + kKey +
                                 " a comment\n|1|salt|hash ssh-ed25519 " + kKey +
                                 "\n@revoked h ssh-ed25519 " + kKey + "\nh ssh-rsa\nh,h2 ssh-rsa " +
                                 kOther);
    EXPECT_THAT(keys, ElementsAre(HostKey{"h", 22, "ssh-ed25519", kKey},
                                  HostKey{"h", 22, "ssh-rsa", kOther}));
}

}  // namespace
}  // namespace mw::runner
