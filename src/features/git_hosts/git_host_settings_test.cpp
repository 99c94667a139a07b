#include "features/git_hosts/git_host_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "infra/jwt/test_key.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::git_hosts {
namespace {

using testing::StartsWith;

class GitHostSettingsTest : public testing::Test {
  protected:
    std::string file(std::string_view name, std::string_view content) {
        auto path = folder_.path() / name;
        std::ofstream(path) << content;
        return path.string();
    }
    void set_up_app() {
        settings_.set("GITHUB_APP_ID", "12345");
        settings_.set("GITHUB_CLIENT_ID", "Iv1.x");
        settings_.set("GITHUB_CLIENT_SECRET_FILE", file("client", "client-hush\n"));
        settings_.set("GITHUB_PRIVATE_KEY_FILE",
                      file("key", jwt::testing_::TestKey::rsa().private_pem(true)));
        settings_.set("GITHUB_WEBHOOK_SECRET_FILE", file("webhook", "hook-hush\n"));
    }
    std::string wrong() {
        auto read = GitHostSettings::from(settings_);
        return read ? "" : read.error().message;
    }

    test::TempDir folder_;
    Settings settings_ = Settings::load().value();
};

TEST_F(GitHostSettingsTest, WithoutAnAppThereAreLinksAlone) {
    auto read = GitHostSettings::from(settings_);
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->app);
    EXPECT_TRUE(read->links);
    settings_.set("GIT_HOSTS", "off");
    EXPECT_FALSE(GitHostSettings::from(settings_)->links);
}

TEST_F(GitHostSettingsTest, AnAppIsReadAsAWhole) {
    set_up_app();
    settings_.set("GITHUB_BASE_URL", "ghes.acme.com");
    settings_.set("GITHUB_API_URL", "https://ghes.acme.com/api/v3/");
    auto read = GitHostSettings::from(settings_);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->app->client_secret.reveal(), "client-hush");
    EXPECT_EQ(read->app->webhook_secret.reveal(), "hook-hush");
    EXPECT_EQ(read->app->base_url, "https://ghes.acme.com");
    EXPECT_EQ(read->app->api_url, "https://ghes.acme.com/api/v3");
    EXPECT_EQ(read->app->install_url, "");
}

TEST_F(GitHostSettingsTest, WhatCannotWorkIsNamed) {
    for (auto [key, value] : std::vector<std::pair<std::string, std::string>>{
             {"GITHUB_APP_ID", "mill"},
             {"GITHUB_CLIENT_ID", ""},
             {"GITHUB_CLIENT_SECRET_FILE", ""},
             {"GITHUB_CLIENT_SECRET_FILE", "/nowhere"},
             {"GITHUB_PRIVATE_KEY_FILE", file("no-key", "hello")},
             {"GITHUB_WEBHOOK_SECRET_FILE", file("empty", "\n")},
             {"GITHUB_BASE_URL", "https://"},
             {"GITHUB_API_URL", "ftp://github.com"},
             {"GITHUB_INSTALL_URL", "not a url"},
             {"GIT_HOSTS", "maybe"},
             {"GIT_HOST_NETWORKS", "10.0.0.0/99"}}) {
        settings_ = Settings::load().value();
        set_up_app();
        settings_.set(key, value);
        EXPECT_THAT(wrong(), StartsWith("MILLWRIGHT_" + key + ": ")) << value;
    }
}

}  // namespace
}  // namespace mw::git_hosts
