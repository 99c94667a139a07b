#include "roles/runner/git/gitmodules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::runner {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;

TEST(Gitmodules, AreReadWhateverTheirNames) {
    auto all = read_gitmodules(
        "submodule.libs/my utils.path\nlibs/utils\0"
        "submodule.libs/my utils.url\n../utils.git\0"
        "submodule.a.b.path\nb\0submodule.a.b.url\nhttps://h/b.git\0submodule.a.b.update\nnone\0"
        "submodule.nowhere.url\nhttps://h/c.git\0submodule.active\n.\0"sv);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].name, "libs/my utils");
    EXPECT_EQ(all[0].path, "libs/utils");
    EXPECT_EQ(all[0].url, "../utils.git");
    EXPECT_FALSE(all[0].skipped);
    EXPECT_EQ(all[1].name, "a.b");
    EXPECT_TRUE(all[1].skipped);
    EXPECT_TRUE(read_gitmodules("").empty());
}

TEST(Gitmodules, LinksAreToldFromFiles) {
    auto links = read_gitlinks(
        "160000 0123456789012345678901234567890123456789 0\tlibs/my utils\0"
        "100644 1123456789012345678901234567890123456789 0\tplain\0"sv);
    ASSERT_EQ(links.size(), 1U);
    EXPECT_EQ(links[0].path, "libs/my utils");
    EXPECT_EQ(links[0].sha, "0123456789012345678901234567890123456789");
}

TEST(Gitmodules, RelativeAddressesFollowTheRepositorys) {
    const std::array<std::string_view, 3> cases[] = {
        {"https://h/team/shop.git", "../utils.git", "https://h/team/utils.git"},
        {"https://h/team/shop.git/", "../../other/utils", "https://h/other/utils"},
        {"https://h/team/shop", "./utils.git", "https://h/team/shop/utils.git"},
        {"git@h:team/shop.git", "../utils.git", "git@h:team/utils.git"},
        {"git@h:shop.git", "../utils.git", "git@h:utils.git"},
        {"ssh://git@h:22/shop.git", "../utils.git", "ssh://git@h:22/utils.git"},
        {"/srv/git/shop.git", "../utils.git", "/srv/git/utils.git"},
        {"file:///srv/git/shop.git", "../utils.git", "file:///srv/git/utils.git"},
        {"https://h/shop.git", "git@h:team/utils.git", "git@h:team/utils.git"},
        {"", "https://h/utils.git", "https://h/utils.git"},
        {"file:///srv/shop.git", "/srv/utils.git", "/srv/utils.git"},
    };
    for (const auto& [parent, url, whole] : cases)
        EXPECT_EQ(submodule_url(parent, url), whole) << url;
}

TEST(Gitmodules, SomeAddressesAreNotFollowed) {
    for (auto url : {"file:///etc", "/srv/other.git", "ext::sh -c x", "ext::sh", "ftp://h/x",
                     "-oProxyCommand=x", "", "https://h/a b", "../../../x.git", "other"})
        EXPECT_FALSE(submodule_url("https://h/team/shop.git", url)) << url;
    auto kept = submodule_url("", "../utils.git");
    ASSERT_FALSE(kept);
    EXPECT_THAT(kept.error().message, HasSubstr("Write the whole URL"));
}

TEST(Gitmodules, APathStaysInTheCheckout) {
    EXPECT_TRUE(is_plain_path("libs/utils"));
    for (auto path : {"", "/etc", "..", "a/../../b", ".git/hooks", "a/.GIT/x", "./a", "a/"})
        EXPECT_FALSE(is_plain_path(path)) << path;
}

}  // namespace
}  // namespace mw::runner
