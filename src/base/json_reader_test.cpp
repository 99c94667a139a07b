#include "base/json_reader.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace mw {
namespace {

TEST(JsonReader, NamesEveryFieldThatIsWrong) {
    auto body = boost::json::parse(R"({"id":"7","flag":1,"steps":["ok",2],"s":{"threads":0}})");
    JsonReader in(body);
    std::string name;
    std::int64_t id = 0;
    bool flag = false;
    int threads = 4;
    std::vector<std::string> steps;
    in.required("name", name);
    in.required("id", id);
    in.keep("flag", flag);
    in.keep("steps", steps);
    in.object("s", [&](JsonReader& s) { s.keep("threads", threads, {1, 64}); });
    auto read = in.finish();
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message, "name: is required (and 4 more)");
    std::vector<std::string> fields;
    for (const auto& field : read.error().fields)
        fields.push_back(field.field);
    EXPECT_EQ(fields, (std::vector<std::string>{"name", "id", "flag", "steps[1]", "s.threads"}));
    EXPECT_EQ(threads, 4);
}

TEST(JsonReader, NullEmptiesAnOptionalAndKeepsADefault) {
    auto body = boost::json::parse(R"({"a":null,"b":null})");
    JsonReader in(body);
    std::optional<std::string> a = "x";
    std::optional<std::string> absent = "stays";
    int b = 3;
    in.optional("a", a);
    in.optional("absent", absent);
    in.keep("b", b);
    EXPECT_TRUE(in.finish());
    EXPECT_FALSE(a);
    EXPECT_EQ(absent, "stays");
    EXPECT_EQ(b, 3);
}

TEST(JsonReader, RefusesWhatIsNoObject) {
    auto body = boost::json::parse("[1]");
    JsonReader in(body);
    auto read = in.finish();
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message, "body: must be an object, not a list");
}

TEST(JsonReader, ParserSaysThatItIsNotJsonAndLimitsDepth) {
    EXPECT_FALSE(parse_json("{"));
    EXPECT_FALSE(parse_json(std::string(100, '[') + std::string(100, ']')));
    EXPECT_TRUE(parse_json("{\"a\":[1]}"));
}

}  // namespace
}  // namespace mw
