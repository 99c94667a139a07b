#include "features/git_hosts/host_name.hpp"

#include <gtest/gtest.h>

namespace mw::git_hosts {
namespace {

TEST(HostName, SaysWhichKindOfHostItIs) {
    for (auto [url, kind] : std::vector<std::pair<std::string, std::string>>{
             {"https://github.com/acme/shop.git", "github"},
             {"git@github.com:acme/shop.git", "github"},
             {"https://github.acme.com/data/shop", "github"},
             {"https://acme.ghe.com/data/shop", "github"},
             {"https://gitlab.com/acme/shop.git", "gitlab"},
             {"ssh://git@gitlab.acme.com:2222/acme/shop.git", "gitlab"},
             {"https://acme@dev.azure.com/acme/data/_git/shop", "azure_devops"},
             {"git@ssh.dev.azure.com:v3/acme/data/shop", "azure_devops"},
             {"https://acme.visualstudio.com/data/_git/shop", "azure_devops"},
             {"https://tfs.acme.com/tfs/Main/data/_git/shop", "azure_devops"},
             {"https://codeberg.org/acme/shop", "gitea"},
             {"https://gitea.acme.com/acme/shop", "gitea"}})
        EXPECT_EQ(kind_of(url), kind) << url;
    for (auto url :
         {"https://git.acme.com/acme/shop", "https://notgithub.com/a/b", "/srv/shop.git"})
        EXPECT_FALSE(kind_of(url)) << url;
}

TEST(HostName, KnowsWhereTheApiIs) {
    EXPECT_EQ(default_api_url("github", "git@github.com:a/b.git"), "https://api.github.com");
    EXPECT_EQ(default_api_url("github", "https://ghes.acme.com/a/b"),
              "https://ghes.acme.com/api/v3");
    EXPECT_EQ(default_api_url("github", "https://acme.ghe.com/a/b"), "https://api.acme.ghe.com");
    EXPECT_EQ(default_api_url("gitlab", "ssh://git@gitlab.acme.com:2222/a/b.git"),
              "https://gitlab.acme.com/api/v4");
    EXPECT_EQ(default_api_url("gitea", "http://127.0.0.1:3000/a/b.git"),
              "http://127.0.0.1:3000/api/v1");
    EXPECT_EQ(default_api_url("azure_devops", "git@ssh.dev.azure.com:v3/acme/data/shop"),
              "https://dev.azure.com");
    EXPECT_EQ(default_api_url("azure_devops", "https://tfs.acme.com/tfs/Main/p/_git/r"),
              "https://tfs.acme.com");
}

TEST(HostName, NamesRepositoriesAsTheHostDoes) {
    EXPECT_EQ(full_name_on("github", "https://me:t@github.com/acme/shop.git"), "acme/shop");
    EXPECT_EQ(full_name_on("gitlab", "git@gitlab.com:acme/data/shop.git"), "acme/data/shop");
    for (auto url : {"https://acme@dev.azure.com/acme/my%20data/_git/shop",
                     "git@ssh.dev.azure.com:v3/acme/my%20data/shop",
                     "https://acme.visualstudio.com/DefaultCollection/my%20data/_git/shop"})
        EXPECT_EQ(full_name_on("azure_devops", url), "acme/my data/shop") << url;
    EXPECT_EQ(full_name_on("azure_devops", "https://dev.azure.com/acme/_git/shop"),
              "acme/shop/shop");
    EXPECT_EQ(full_name_on("azure_devops", "https://tfs.acme.com/tfs/Main/data/_git/shop"),
              "tfs/Main/data/shop");
    EXPECT_EQ(full_name_on("azure_devops", "https://dev.azure.com/acme/data/_git"), "");
}

TEST(HostName, TakesAUrlApart) {
    auto remote = remote_of("https://Me:t0ken@Git.Acme.com:8443/a/b.git");
    EXPECT_EQ(remote.authority(), "git.acme.com:8443");
    EXPECT_EQ(remote.path, "a/b.git");
    EXPECT_TRUE(remote.has_secret);
    EXPECT_FALSE(remote_of("https://acme@dev.azure.com/acme/data/_git/shop").has_secret);
    EXPECT_TRUE(remote.is_web());
    EXPECT_EQ(remote_of("ssh://git@[::1]:22/a").authority(), "[::1]:22");
    EXPECT_EQ(remote_of("https://[::1]/a").authority(), "[::1]");
    EXPECT_EQ(remote_of("/srv/a:b/c").host, "");
}

TEST(HostName, ComparesWhateverTheCase) {
    EventRepository repository;
    repository.full_name = "Acme/Shop";
    EXPECT_TRUE(is_of(repository, "github", "https://github.com/acme/shop.git"));
    EXPECT_FALSE(is_of(repository, "github", "https://github.com/acme/shop2.git"));
}

}  // namespace
}  // namespace mw::git_hosts
