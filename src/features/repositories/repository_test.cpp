#include "features/repositories/repository.hpp"

#include <gtest/gtest.h>

namespace mw::repositories {
namespace {

constexpr std::string_view kHere = "https://dbt.example.com";

TEST(RepositoryUrl, ShowsNoSecret) {
    for (const auto& [stored, shown] : std::vector<std::pair<std::string, std::string>>{
             {"https://me:t0ken@git.example.com/a/shop.git", "https://git.example.com/a/shop.git"},
             {"https://t0ken@git.example.com/a/shop.git", "https://git.example.com/a/shop.git"},
             {"https://me:t0k@en@git.example.com:8443/shop", "https://git.example.com:8443/shop"},
             {"ssh://git:t0ken@git.example.com/shop.git", "ssh://git@git.example.com/shop.git"},
             {"ssh://git@git.example.com/shop.git", "ssh://git@git.example.com/shop.git"},
             {"git@github.com:acme/shop.git", "git@github.com:acme/shop.git"},
             {"https://github.com/acme/shop.git", "https://github.com/acme/shop.git"},
             {"https://git.example.com/mail@acme/shop", "https://git.example.com/mail@acme/shop"},
             {"file:///srv/shop.git", "file:///srv/shop.git"},
             {"/srv/a:b@c/shop.git", "/srv/a:b@c/shop.git"}})
        EXPECT_EQ(url_without_secrets(stored), shown);
}

TEST(RepositoryUrl, NamesOwnerAndRepository) {
    EXPECT_EQ(full_name_of("https://github.com/acme/shop.git"), "acme/shop");
    EXPECT_EQ(full_name_of("https://me:t0ken@gitlab.com/acme/data/shop/"), "acme/data/shop");
    EXPECT_EQ(full_name_of("git@github.com:acme/shop.git"), "acme/shop");
    EXPECT_EQ(full_name_of("ssh://git@github.com:22/acme/shop"), "acme/shop");
    EXPECT_EQ(full_name_of("file:///srv/git/shop.git"), "shop");
    EXPECT_EQ(full_name_of("/srv/git/shop.git"), "shop");
    EXPECT_EQ(full_name_of(""), "");
}

TEST(RepositoryJson, HasTheContractsFields) {
    Repository repository;
    repository.id = 4;
    repository.project_id = 5;
    repository.git_clone_strategy = "git_token";
    repository.remote_url = "https://me:t0ken@github.com/acme/shop.git";
    auto json = repository_json(repository, kHere);
    EXPECT_EQ(json["id"], 4);
    EXPECT_EQ(json["project_id"], 5);
    EXPECT_EQ(json["remote_url"], "https://github.com/acme/shop.git");
    EXPECT_EQ(json["full_name"], "acme/shop");
    EXPECT_EQ(json["remote_backend"], "github");
    EXPECT_EQ(json["git_clone_strategy"], "git_token");
    for (auto field :
         {"deploy_key_id", "deploy_key", "repository_credentials_id", "github_installation_id",
          "github_webhook_id", "git_provider_id", "private_link_endpoint_id"})
        EXPECT_TRUE(json.at(field).is_null()) << field;
    repository.remote_url = "https://notgithub.com/acme/shop.git";
    EXPECT_EQ(repository_json(repository, kHere)["remote_backend"], "manual_config");
    repository.remote_url = "acme@dev.azure.com:v3/acme/data/shop";
    EXPECT_EQ(repository_json(repository, kHere)["remote_backend"], "ado");
}

Repository managed(Id id, std::string name) {
    Repository repository;
    repository.id = id;
    repository.managed_name = std::move(name);
    return repository;
}

TEST(RepositoryJson, OneThatIsKeptHereIsFetchedFromHere) {
    auto repository = managed(7, "Shop & more");
    auto json = repository_json(repository, kHere);
    EXPECT_EQ(json["remote_url"], "https://dbt.example.com/git/7/Shop-more.git");
    EXPECT_EQ(json["remote_backend"], "managed");
    EXPECT_EQ(json["name"], "Shop & more");
    EXPECT_FALSE(json.contains("managed_name"));
}

TEST(RepositoryJson, AnyNameMakesAnAddress) {
    auto last = [](std::string name) {
        auto url = clone_url(managed(1, std::move(name)), "");
        return url.substr(url.rfind('/') + 1);
    };
    EXPECT_EQ(last("shop.git"), "shop.git");
    EXPECT_EQ(last("../../etc"), "etc.git");
    EXPECT_EQ(last("…"), "repository.git");
    EXPECT_EQ(last("a?b#c"), "a-b-c.git");
}

}  // namespace
}  // namespace mw::repositories
