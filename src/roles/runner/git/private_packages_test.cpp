#include "roles/runner/git/private_packages.hpp"

#include <gtest/gtest.h>

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

std::string local(std::string_view text) {
    return with_local_packages(text, [](const PrivatePackage& package) {
        return "[" + package.name + "|" + package.revision + "|" + package.subdirectory + "]";
    });
}

TEST(PackageFile, NamesFoldersAndLeavesTheRest) {
    EXPECT_EQ(local("packages:\n"
                    "  - package: dbt-labs/dbt_utils\n"
                    "    version: 1.3.0\n"
                    "  - private: acme/utils  # ours\n"
                    "    provider: \"github\"\n"
                    "    revision: v1\n"
                    "\n"
                    "  # the next\n"
                    "  - provider: gitlab\n"
                    "    private: 'acme/more'\n"
                    "    subdirectory: dbt\n"
                    "projects:\n"
                    "  - name: other\n"),
              "packages:\n"
              "  - package: dbt-labs/dbt_utils\n"
              "    version: 1.3.0\n"
              "  - local: \"[acme/utils|v1|]\"\n"
              "\n"
              "  # the next\n"
              "  - local: \"[acme/more||dbt]\"\n"
              "projects:\n"
              "  - name: other\n");
    EXPECT_EQ(local("packages:\n- private: acme/utils"),
              "packages:\n- local: \"[acme/utils||]\"\n");
}

TEST(PackageFile, WithoutAnyStaysAsItIs) {
    for (auto text : {"", "packages: []", "packages:\n  - git: https://h/x.git\n    revision: x",
                      "# - private: acme/utils\n", "private: acme/utils\n"})
        EXPECT_EQ(local(text), text);
}

}  // namespace
}  // namespace mw::runner
