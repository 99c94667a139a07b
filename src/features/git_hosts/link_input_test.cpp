#include "features/git_hosts/link_input.hpp"

#include <gtest/gtest.h>

namespace mw::git_hosts {
namespace {

constexpr const char* kUrl = "https://github.com/acme/shop.git";

LinkInput input(std::string_view body) {
    return read_link({parse_json(body).value()}).value();
}

Link made(std::string_view body, std::string url = kUrl) {
    Link link;
    auto applied = apply_input(input(body), url, link);
    EXPECT_TRUE(applied) << applied.error().message;
    return link;
}

std::string wrong(std::string_view body, std::string url = kUrl, Link link = {}) {
    auto applied = apply_input(input(body), url, link);
    return applied || applied.error().fields.empty() ? "" : applied.error().fields[0].field;
}

TEST(LinkInput, WhatIsNotSaidIsKnownByTheUrl) {
    auto github = made(R"({"token": "t"})");
    EXPECT_EQ(github.kind, "github");
    EXPECT_EQ(github.api_url, "https://api.github.com");
    EXPECT_EQ(github.git_host, "github.com");
    EXPECT_EQ(github.username, "x-access-token");
    auto gitlab = made(R"({"token": "t"})", "https://gitlab.acme.com/a/b.git");
    EXPECT_EQ(gitlab.api_url, "https://gitlab.acme.com/api/v4");
    EXPECT_EQ(gitlab.username, "oauth2");
    auto said = made(R"({"token": "t", "kind": "gitea", "username": "bot",
                         "api_url": "https://git.acme.com/x/api/v1/"})",
                     "https://git.acme.com/x/a/b.git");
    EXPECT_EQ(said.api_url, "https://git.acme.com/x/api/v1");
    EXPECT_EQ(said.username, "bot");
}

TEST(LinkInput, WhatNobodyCanGuessIsAskedFor) {
    EXPECT_EQ(wrong(R"({"token": "t"})", "https://git.acme.com/a/b.git"), "kind");
    EXPECT_EQ(wrong("{}"), "token");
    for (auto url : {"ftp://h/x", "api.github.com", "https://me:pw@h/", "https://h/?a=b"})
        EXPECT_EQ(wrong(fmt::format(R"({{"token": "t", "api_url": "{}"}})", url)), "api_url")
            << url;
    for (auto body : {R"({"kind": "svn"})", R"({"token": "a b"})", R"({"username": 4})",
                      R"({"token": "t\u0000"})"})
        EXPECT_FALSE(read_link({parse_json(body).value()})) << body;
}

TEST(LinkInput, ATokenIsShownToNoOtherHost) {
    auto link = made(R"({"token": "t"})");
    EXPECT_EQ(wrong(R"({"api_url": "https://evil.example.com"})", kUrl, link), "token");
    EXPECT_EQ(wrong(R"({"kind": "gitea"})", kUrl, link), "token");
    EXPECT_EQ(wrong("{}", "https://evil.example.com/acme/shop.git", link), "token");
    EXPECT_EQ(wrong(R"({"username": "bot"})", kUrl, link), "");
    EXPECT_EQ(wrong(R"({"token": ""})", "https://github.com/acme/other.git", link), "");
    EXPECT_EQ(wrong(R"({"api_url": "https://api2.github.com", "token": "t2"})", kUrl, link), "");
}

}  // namespace
}  // namespace mw::git_hosts
