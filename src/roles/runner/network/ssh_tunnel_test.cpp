#include "roles/runner/network/ssh_tunnel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::runner {
namespace {

using testing::HasSubstr;

std::string explained(std::string_view words) {
    return explain_ssh_failure(
        words, {.hostname = "bastion", .port = 2222, .username = "etl", .private_key = {}});
}

TEST(SshWords, SayWhatToDo) {
    auto refused = explained("etl@bastion: Permission denied (publickey).\r\n");
    EXPECT_THAT(refused, HasSubstr("bastion:2222"));
    EXPECT_THAT(refused, HasSubstr("authorized_keys of etl"));
    EXPECT_THAT(explained("ssh: Could not resolve hostname bastion: Name or service not known"),
                HasSubstr("cannot be resolved"));
    EXPECT_THAT(explained("ssh: connect to host bastion port 2222: Connection refused"),
                HasSubstr("nobody listens"));
    EXPECT_THAT(explained("ssh: connect to host bastion port 2222: Connection timed out"),
                HasSubstr("does not answer"));
}

TEST(SshWords, WhatIsNotKnownIsQuoted) {
    EXPECT_EQ(explained("banner\nsomething odd\n"),
              "The SSH tunnel over bastion:2222 could not be opened: something odd");
    EXPECT_EQ(explained(""), "The SSH tunnel over bastion:2222 could not be opened.");
}

}  // namespace
}  // namespace mw::runner
