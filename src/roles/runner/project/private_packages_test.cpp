#include "roles/runner/project/private_packages.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::runner {
namespace {

TEST(PrivatePackage, IsOnTheProjectsOwnHost) {
    auto url = [](std::string_view remote) { return url_of_package("acme/utils", remote); };
    EXPECT_EQ(url("https://github.com/acme/shop.git"), "https://github.com/acme/utils.git");
    EXPECT_EQ(url("https://me:t0ken@git.example.com:8443/a/b/c"),
              "https://git.example.com:8443/acme/utils.git");
    EXPECT_EQ(url("git@git.example.com:acme/shop.git"), "git@git.example.com:acme/utils.git");
    EXPECT_EQ(url("ssh://git@git.example.com:2222/acme/shop.git"),
              "ssh://git@git.example.com:2222/acme/utils.git");
    EXPECT_EQ(url("file:///srv/shop.git"), "");
    EXPECT_EQ(url("/srv/shop.git"), "");
    EXPECT_EQ(url_of_package("acme/data/utils", "https://dev.azure.com/acme/data/_git/shop"),
              "https://dev.azure.com/acme/data/_git/utils");
}

TEST(PrivatePackage, HasAName) {
    for (auto name : {"utils", "/acme/utils", "acme/", "acme/../utils", "acme//utils",
                      "acme/utils; rm", "https://evil.example/x", "{{ env_var('X') }}/y"})
        EXPECT_EQ(url_of_package(name, "https://github.com/acme/shop"), "") << name;
}

constexpr std::string_view kRemote = "https://h/acme/shop.git";

TEST(PackageFile, NamesThemForGitAndLeavesTheRest) {
    EXPECT_EQ(with_git_packages("packages:\n"
                                "  - package: dbt-labs/dbt_utils\n"
                                "    version: 1.3.0\n"
                                "  - private: acme/utils  # ours\n"
                                "    provider: \"github\"\n"
                                "    revision: v1\n"
                                "  - provider: gitlab\n"
                                "    private: 'acme/more'\n"
                                "    subdirectory: dbt\n",
                                kRemote),
              "packages:\n"
              "  - package: dbt-labs/dbt_utils\n"
              "    version: 1.3.0\n"
              "  - git: \"https://h/acme/utils.git\"\n"
              "    revision: v1\n"
              "  -\n"
              "    git: \"https://h/acme/more.git\"\n"
              "    subdirectory: dbt\n");
}

TEST(PackageFile, WithoutAnyStaysAsItIs) {
    for (auto text :
         {"", "packages: []", "packages:\n  - git: https://h/x.git\n    provider: x",
          "packages:\n  - private: not-a-name\n    provider: github\n", "# private: acme/utils\n"})
        EXPECT_EQ(with_git_packages(text, kRemote), text);
}

TEST(PackageFile, IsChangedInTheProjectsCopy) {
    test::TempDir folder;
    ASSERT_TRUE(write_file_atomically(folder.path() / "packages.yml",
                                      "packages:\n  - private: acme/utils\n", 0644));
    EXPECT_EQ(name_private_packages(folder.path(), kRemote), 1);
    EXPECT_EQ(*read_file(folder.path() / "packages.yml", 1000),
              "packages:\n  - git: \"https://h/acme/utils.git\"\n");
    EXPECT_EQ(name_private_packages(folder.path(), kRemote), 0);
}

}  // namespace
}  // namespace mw::runner
