#include "roles/runner/git/remote.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::runner {
namespace {

using testing::Contains;
using testing::IsEmpty;

TEST(GitRemote, KeepsAUrlWithoutSecretsAsItIs) {
    for (auto url : {"https://git.example.com/shop.git", "ssh://git@git.example.com/shop.git",
                     "git@git.example.com:team/shop.git", "git://git.example.com/shop.git"}) {
        auto remote = split_remote(url);
        EXPECT_EQ(remote.url, url);
        EXPECT_THAT(remote.secrets, IsEmpty());
        EXPECT_EQ(remote.credential, "");
        EXPECT_EQ(remote.local_path, "");
    }
}

TEST(GitRemote, KnowsALocalRepository) {
    EXPECT_EQ(split_remote("file:///srv/git/shop.git").local_path, "/srv/git/shop.git");
    EXPECT_EQ(split_remote("file:///srv/my%20git/shop.git").local_path, "/srv/my git/shop.git");
    EXPECT_EQ(split_remote("/srv/git/shop.git").local_path, "/srv/git/shop.git");
}

TEST(GitRemote, TakesAPasswordOutOfTheUrl) {
    auto remote = split_remote("https://me:p%40ss@git.example.com:8443/shop.git");
    EXPECT_EQ(remote.url, "https://git.example.com:8443/shop.git");
    EXPECT_THAT(remote.secrets, Contains("p%40ss"));
    EXPECT_THAT(remote.secrets, Contains("p@ss"));
    EXPECT_EQ(remote.credential, "https://me:p%40ss@git.example.com:8443");
}

TEST(GitRemote, TakesATokenInPlaceOfAUserOutOfTheUrl) {
    auto remote = split_remote("https://tok_0123456789abcdef@git.example.com/shop.git");
    EXPECT_EQ(remote.url, "https://git.example.com/shop.git");
    EXPECT_THAT(remote.secrets, Contains("tok_0123456789abcdef"));
    EXPECT_EQ(remote.credential, "https://tok_0123456789abcdef:@git.example.com");
}

TEST(GitRemote, APasswordInAnSshUrlIsDropped) {
    auto remote = split_remote("ssh://git:pw@git.example.com/shop.git");
    EXPECT_EQ(remote.url, "ssh://git@git.example.com/shop.git");
    EXPECT_THAT(remote.secrets, Contains("pw"));
    EXPECT_EQ(remote.credential, "");
}

TEST(GitRemote, AWayInThatIsToldApartCounts) {
    auto remote =
        split_remote("https://acme@dev.azure.com/acme/_git/shop", "x-access-token", "t0k/en@1");
    EXPECT_EQ(remote.url, "https://dev.azure.com/acme/_git/shop");
    EXPECT_EQ(remote.credential, "https://x-access-token:t0k%2Fen%401@dev.azure.com");
    EXPECT_THAT(remote.secrets, Contains("t0k/en@1"));
    EXPECT_THAT(remote.secrets, Contains("t0k%2Fen%401"));
    EXPECT_EQ(split_remote("https://h:8443/a", "me", "").credential, "");
    for (auto url : {"git@h:a/b.git", "ssh://git@h/a/b.git", "/srv/shop.git"}) {
        EXPECT_EQ(split_remote(url, "me", "t0ken").credential, "") << url;
        EXPECT_EQ(split_remote(url, "me", "t0ken").url, url);
    }
}

TEST(GitRemote, APercentSignThatEscapesNothingStays) {
    EXPECT_EQ(split_remote("file:///srv/100%/x%zz").local_path, "/srv/100%/x%zz");
}

}  // namespace
}  // namespace mw::runner
