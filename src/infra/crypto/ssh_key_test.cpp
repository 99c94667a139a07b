#include "infra/crypto/ssh_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>

#include "infra/crypto/ssh_fingerprint.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::crypto {
namespace {

TEST(SshKey, IsOneThatOpenSshReads) {
    test::TempDir folder;
    auto key = make_ssh_key("millwright-7");
    auto file = folder.path() / "key";
    std::ofstream(file) << key.private_key.reveal();
    ::chmod(file.c_str(), 0600);
    auto* keygen = ::popen(("ssh-keygen -y -P '' -f " + file.string() + " 2>&1").c_str(), "r");
    ASSERT_NE(keygen, nullptr);
    std::string printed(1024, '\0');
    printed.resize(std::fread(printed.data(), 1, printed.size(), keygen));
    EXPECT_EQ(::pclose(keygen), 0) << printed;
    EXPECT_EQ(printed, key.public_key + "\n");
}

TEST(SshKey, IsAnotherEachTime) {
    EXPECT_NE(make_ssh_key("x").public_key, make_ssh_key("x").public_key);
    EXPECT_THAT(make_ssh_key("a comment").public_key, testing::EndsWith(" a comment"));
}

TEST(SshFingerprint, IsWhatSshPrints) {
    EXPECT_EQ(ssh_fingerprint("AAAAC3NzaC1lZDI1NTE5AAAAILs/"
                              "mGqaVRo2mUfNJ8mrfEubswc3QvEgabD+U79enVPm"),
              "SHA256:DP2r6T/UQvMS/7lrAF7mxPDrQIDQR11bTmNCj1lybtE");
    EXPECT_EQ(ssh_fingerprint("no key"), "unreadable");
    EXPECT_EQ(ssh_fingerprint(""), "unreadable");
}

}  // namespace
}  // namespace mw::crypto
