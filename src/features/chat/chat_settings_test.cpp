#include "features/chat/chat_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "test_support/temp_dir.hpp"

namespace mw::chat {
namespace {

using testing::HasSubstr;

class ChatSettingsTest : public testing::Test {
  protected:
    std::string refusal() {
        auto chat = ChatSettings::from(settings_);
        return chat ? std::string() : chat.error().message;
    }

    Settings settings_;
};

TEST_F(ChatSettingsTest, SlackIsOnWithAnAppOrWhenItIsSaid) {
    auto nothing = ChatSettings::from(settings_);
    ASSERT_TRUE(nothing);
    EXPECT_FALSE(nothing->slack);
    EXPECT_TRUE(nothing->teams);
    settings_.set("SLACK", "on");
    auto by_token = ChatSettings::from(settings_);
    ASSERT_TRUE(by_token && by_token->slack);
    EXPECT_EQ(by_token->slack->client_id, "");
    settings_.set("SLACK", "");
    settings_.set("SLACK_CLIENT_ID", "1.2");
    EXPECT_THAT(refusal(), HasSubstr("MILLWRIGHT_SLACK_CLIENT_SECRET_FILE"));
    test::TempDir folder;
    auto file = folder.path() / "secret";
    std::ofstream(file) << "the secret\n";
    settings_.set("SLACK_CLIENT_SECRET_FILE", file.string());
    settings_.set("SLACK_API_URL", "http://127.0.0.1:9/api/");
    settings_.set("CHAT_RETRY_SECONDS", "1");
    auto by_app = ChatSettings::from(settings_);
    ASSERT_TRUE(by_app && by_app->slack);
    EXPECT_EQ(by_app->slack->client_secret.reveal(), "the secret");
    EXPECT_EQ(by_app->slack->api_url, "http://127.0.0.1:9/api");
    EXPECT_EQ(by_app->retries.first_pause.count(), 1);
    settings_.set("SLACK", "off");
    EXPECT_FALSE(ChatSettings::from(settings_)->slack);
}

TEST_F(ChatSettingsTest, WhatCannotWorkIsNamed) {
    settings_.set("SLACK", "maybe");
    EXPECT_THAT(refusal(), HasSubstr("MILLWRIGHT_SLACK must be on or off"));
    settings_.set("SLACK", "on");
    settings_.set("SLACK_API_URL", "slack.com");
    EXPECT_THAT(refusal(), HasSubstr("MILLWRIGHT_SLACK_API_URL"));
    settings_.set("SLACK_API_URL", "https://slack.com/api");
    settings_.set("SLACK_CLIENT_ID", "1");
    settings_.set("SLACK_CLIENT_SECRET_FILE", "/no/such/file");
    EXPECT_THAT(refusal(), HasSubstr("MILLWRIGHT_SLACK_CLIENT_SECRET_FILE"));
    settings_.set("SLACK", "off");
    settings_.set("TEAMS", "2");
    EXPECT_THAT(refusal(), HasSubstr("MILLWRIGHT_TEAMS"));
    settings_.set("TEAMS", "off");
    settings_.set("CHAT_NETWORKS", "x");
    EXPECT_THAT(refusal(), HasSubstr("MILLWRIGHT_CHAT_NETWORKS"));
    settings_.set("CHAT_NETWORKS", "");
    settings_.set("CHAT_RETRY_SECONDS", "0");
    EXPECT_THAT(refusal(), HasSubstr("MILLWRIGHT_CHAT_RETRY_SECONDS"));
}

}  // namespace
}  // namespace mw::chat
