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

// What a form can say: nothing but texts and lists of texts.
RequestBody form(std::string_view text) {
    return {boost::json::parse(text), true};
}

TEST(JsonReader, TurnsAFormsTextsIntoWhatIsWanted) {
    auto body = form(R"({"id":"7","flag":"True","off":"0","steps":["dbt seed","dbt run"],
                         "one":"dbt build","spelled":"[\"a\",\"b\"]","name":"12","twice":["x","y"],
                         "settings":"{\"threads\":3}","execution":{"timeout":"60"}})");
    JsonReader in(body);
    std::int64_t id = 0;
    bool flag = false;
    bool off = true;
    std::vector<std::string> steps;
    std::optional<std::vector<std::string>> one;
    std::vector<std::string> spelled;
    std::string name;
    std::string twice;
    int threads = 0;
    std::optional<int> timeout;
    in.required("id", id);
    in.keep("flag", flag);
    in.keep("off", off);
    in.keep("steps", steps);
    in.optional("one", one);
    in.keep("spelled", spelled);
    in.keep("name", name);
    in.keep("twice", twice);
    in.object("settings", [&](JsonReader& settings) { settings.keep("threads", threads); });
    in.object("execution", [&](JsonReader& execution) { execution.optional("timeout", timeout); });
    auto read = in.finish();
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(id, 7);
    EXPECT_TRUE(flag);
    EXPECT_FALSE(off);
    EXPECT_EQ(steps, (std::vector<std::string>{"dbt seed", "dbt run"}));
    EXPECT_EQ(one, std::vector<std::string>{"dbt build"});
    EXPECT_EQ(spelled, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(name, "12");
    EXPECT_EQ(twice, "y");
    EXPECT_EQ(threads, 3);
    EXPECT_EQ(timeout, 60);
}

TEST(JsonReader, ReadsFractionsWithinTheirLimit) {
    auto read = [](RequestBody body) -> result<double> {
        double number = 7;
        JsonReader in(body);
        in.keep("n", number, {0, 10});
        MW_CHECK(in.finish());
        return number;
    };
    EXPECT_EQ(read(boost::json::parse(R"({"n":1.5})")), 1.5);
    EXPECT_EQ(read(boost::json::parse(R"({"n":2})")), 2);
    EXPECT_EQ(read(form(R"({"n":"0.25"})")), 0.25);
    EXPECT_EQ(read(boost::json::parse(R"({"n":null})")), 7);
    EXPECT_EQ(read(boost::json::parse(R"({"n":11})")).error().message, "n: must be from 0 to 10");
    for (const char* text : {R"({"n":"1.5"})", R"({"n":true})", R"({"n":[]})"})
        EXPECT_EQ(read(boost::json::parse(text)).error().fields.front().field, "n") << text;
    EXPECT_FALSE(read(form(R"({"n":"nan"})")));
}

TEST(JsonReader, AnEmptyTextOfAFormIsNullForWhatIsNoText) {
    auto body = form(R"({"threads":"","flag":"","steps":"","text":"","maybe":"","name":""})");
    JsonReader in(body);
    int threads = 4;
    bool flag = true;
    std::vector<std::string> steps{"stays"};
    std::string text = "x";
    std::optional<std::string> maybe = "x";
    std::string name;
    in.keep("threads", threads);
    in.keep("flag", flag);
    in.keep("steps", steps);
    in.keep("text", text);
    in.optional("maybe", maybe);
    in.required("name", name);
    auto read = in.finish();
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message, "name: is required");
    EXPECT_EQ(threads, 4);
    EXPECT_TRUE(flag);
    EXPECT_EQ(steps, std::vector<std::string>{"stays"});
    EXPECT_EQ(text, "");
    EXPECT_FALSE(maybe);
}

TEST(JsonReader, NamesWhatOfAFormCantBeTurned) {
    auto body = form(R"({"id":"7x","flag":"maybe","settings":"{"})");
    JsonReader in(body);
    std::int64_t id = 0;
    bool flag = false;
    in.keep("id", id);
    in.keep("flag", flag);
    in.object("settings", [](JsonReader&) {});
    auto read = in.finish();
    ASSERT_FALSE(read);
    ASSERT_EQ(read.error().fields.size(), 3u);
    EXPECT_EQ(read.error().fields[0].message, "must be a whole number, not a string");
    EXPECT_EQ(read.error().fields[1].field, "flag");
    EXPECT_EQ(read.error().fields[2].message, "must be an object, not a string");
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

TEST(JsonReader, ReadsListsOfNumbersAndObjects) {
    auto body = parse_json(R"({"ids": [1, 2], "bad": [1, "x"], "map": {"a": 1}, "no": 3})").value();
    JsonReader in(body);
    std::vector<std::int64_t> ids{9};
    boost::json::object map;
    in.keep("absent", ids);
    EXPECT_EQ(ids, (std::vector<std::int64_t>{9}));
    in.keep("ids", ids);
    in.keep("map", map);
    EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(map.at("a").as_int64(), 1);
    EXPECT_TRUE(in.finish());
    in.keep("bad", ids);
    in.keep("no", map);
    auto outcome = in.finish();
    ASSERT_EQ(outcome.error().fields.size(), 2U);
    EXPECT_EQ(outcome.error().fields[0].field, "bad[1]");
    EXPECT_EQ(outcome.error().fields[1].field, "no");
    EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 2}));
}

}  // namespace
}  // namespace mw
