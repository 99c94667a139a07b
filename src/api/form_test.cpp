#include "api/form.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mw::api {
namespace {

std::string parsed(std::string_view text) {
    auto form = parse_form(text);
    if (!form) return "refused: " + form.error().message;
    EXPECT_TRUE(form->is_form);
    return boost::json::serialize(form->value);
}

TEST(Form, IsReadAsBrowsersWriteIt) {
    EXPECT_EQ(parsed("cause=a+b%26c%3D%C3%A9&git_branch=main"),
              R"({"cause":"a b&c=é","git_branch":"main"})");
    EXPECT_EQ(parsed(""), "{}");
    EXPECT_EQ(parsed("&a&b=&&c=1=2&"), R"({"a":"","b":"","c":"1=2"})");
    // As curl -d sends what nobody encoded.
    EXPECT_EQ(parsed("cause=100% sure, see #7"), R"({"cause":"100% sure, see #7"})");
}

TEST(Form, RepeatedAndNumberedKeysAreLists) {
    EXPECT_EQ(parsed("s=a&s=b&s=c"), R"({"s":["a","b","c"]})");
    EXPECT_EQ(parsed("s[]=a"), R"({"s":["a"]})");
    EXPECT_EQ(parsed("s%5B0%5D=a&s%5B1%5D=b"), R"({"s":["a","b"]})");
    EXPECT_EQ(parsed("s[x]=a&[]=b"), R"({"s[x]":"a","[]":"b"})");
}

TEST(Form, DotsLeadIntoObjects) {
    EXPECT_EQ(
        parsed("settings.threads=3&settings.target_name=prod&triggers.schedule=true"),
        R"({"settings":{"threads":"3","target_name":"prod"},"triggers":{"schedule":"true"}})");
    EXPECT_EQ(parsed("a=1&a.b=2").substr(0, 8), "refused:");
    EXPECT_EQ(parsed("a.b=1&a=2").substr(0, 8), "refused:");
    EXPECT_EQ(parsed("a.b.c.d.e.f.g.h.i.j=1").substr(0, 8), "refused:");
}

TEST(Form, WhatIsNoTextIsRefused) {
    EXPECT_EQ(parsed("cause=%FF%FE"), "refused: The form is not UTF-8.");
    EXPECT_EQ(parsed("%FF=x"), "refused: The form is not UTF-8.");
    std::string many;
    for (int i = 0; i <= 10'000; ++i)
        many += "a=b&";
    EXPECT_EQ(parsed(many).substr(0, 8), "refused:");
}

TEST(Form, IsOneWhenTheClientSaysSoAndItLooksLikeOne) {
    auto is = [](std::string type, std::string body) {
        http::Request request;
        if (!type.empty()) request.headers["content-type"] = std::move(type);
        request.body = std::move(body);
        return is_form(request);
    };
    const std::string form = "application/x-www-form-urlencoded";
    EXPECT_TRUE(is(form, "cause=x"));
    EXPECT_TRUE(is("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "cause=x"));
    EXPECT_FALSE(is(form, R"( {"cause":"x"})"));
    EXPECT_FALSE(is(form, ""));
    EXPECT_FALSE(is("", "cause=x"));
    EXPECT_FALSE(is("text/plain", "cause=x"));
    EXPECT_FALSE(is("application/json", "cause=x"));
}

}  // namespace
}  // namespace mw::api
