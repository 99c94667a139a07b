// Held to the cases of the reference implementation's tests of its parser.
#include "graphql/language/parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::graphql {
namespace {

Document good(std::string_view text) {
    auto parsed = parse(text);
    EXPECT_TRUE(parsed) << text << "\n" << (parsed ? "" : parsed.error().message);
    return parsed ? std::move(*parsed) : Document{};
}

void expect_wrong(std::string_view text, std::string_view message, Location at) {
    auto parsed = parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message, message) << text;
    ASSERT_EQ(parsed.error().locations.size(), 1U);
    EXPECT_EQ(parsed.error().locations[0].line, at.line) << text;
    EXPECT_EQ(parsed.error().locations[0].column, at.column) << text;
}

const Field& field_of(const Document& document, std::size_t i = 0) {
    return std::get<Field>(document.operations.at(0).selections.at(i).is);
}

TEST(GraphqlParser, SaysWhatIsWrongAndWhere) {
    expect_wrong("{", "Syntax Error: Expected Name, found <EOF>.", {1, 2});
    expect_wrong("\n{ ...MissingOn }\nfragment MissingOn Type\n",
                 "Syntax Error: Expected \"on\", found Name \"Type\".", {3, 20});
    expect_wrong("{ field: {} }", "Syntax Error: Expected Name, found \"{\".", {1, 10});
    expect_wrong("notAnOperation Foo { field }",
                 "Syntax Error: Unexpected Name \"notAnOperation\".", {1, 1});
    expect_wrong("...", "Syntax Error: Unexpected \"...\".", {1, 1});
    expect_wrong("{ \"\"", "Syntax Error: Expected Name, found String \"\".", {1, 3});
    expect_wrong("query", "Syntax Error: Expected \"{\", found <EOF>.", {1, 6});
    expect_wrong("", "Syntax Error: Unexpected <EOF>.", {1, 1});
    expect_wrong("{}", "Syntax Error: Expected Name, found \"}\".", {1, 2});
    expect_wrong("{ f() }", "Syntax Error: Expected Name, found \")\".", {1, 5});
    expect_wrong("{ f(a: ) }", "Syntax Error: Unexpected \")\".", {1, 8});
    expect_wrong("{ f(a: [1 }", "Syntax Error: Unexpected \"}\".", {1, 11});
}

TEST(GraphqlParser, AConstantHoldsNoVariable) {
    good("{ field(complex: { a: { b: [ $var ] } }) }");
    expect_wrong("query Foo($x: Complex = { a: { b: [ $var ] } }) { field }",
                 "Syntax Error: Unexpected variable \"$var\" in constant value.", {1, 37});
    good("query Foo($x: Boolean = false @bar) { field }");
}

TEST(GraphqlParser, NoFragmentIsNamedOn) {
    expect_wrong("fragment on on on { on }", "Syntax Error: Unexpected Name \"on\".", {1, 10});
    expect_wrong("{ ...on }", "Syntax Error: Expected Name, found \"}\".", {1, 9});
}

TEST(GraphqlParser, ACharacterOfManyBytesIsOne) {
    auto document =
        good("# A comment with \xE0\xA8\x8A in it.\n{ field(arg: \"Has \xE0\xA8\x8A in it.\") }");
    EXPECT_EQ(field_of(document).arguments[0].value.text, "Has \xE0\xA8\x8A in it.");
}

TEST(GraphqlParser, KeywordsAreNamesWhereNamesAre) {
    for (std::string word :
         {"on", "fragment", "query", "mutation", "subscription", "true", "false"}) {
        auto fragment = word == "on" ? std::string("a") : word;
        good("query " + word + " { ... " + fragment + " ... on " + word + " { field } }\n" +
             "fragment " + fragment + " on Type { " + word + "(" + word + ": $" + word + ") @" +
             word + "(" + word + ": " + word + ") }");
    }
}

TEST(GraphqlParser, OperationsAreOfThreeKinds) {
    using Kind = Operation::Kind;
    EXPECT_EQ(good("mutation { f }").operations[0].kind, Kind::mutation);
    EXPECT_EQ(good("subscription Foo { f }").operations[0].kind, Kind::subscription);
    auto two = good("query A { f } query B { f }");
    EXPECT_EQ(two.operations[1].name, "B");
    EXPECT_EQ(two.operations[1].kind, Kind::query);
}

TEST(GraphqlParser, FieldsAreWithAllThatTheyHave) {
    auto document = good("{ node(id: 4, on: true) @skip(if: $no) { id, name } short: field }");
    const auto& node = field_of(document);
    EXPECT_EQ(node.name, "node");
    EXPECT_EQ(node.key(), "node");
    EXPECT_EQ(node.arguments[0].value.kind, Value::Kind::integer);
    EXPECT_EQ(node.arguments[1].value.kind, Value::Kind::boolean);
    EXPECT_EQ(node.directives[0].name, "skip");
    EXPECT_EQ(node.directives[0].arguments[0].value.text, "no");
    ASSERT_EQ(node.selections.size(), 2U);
    EXPECT_EQ(field_of(document, 1).key(), "short");
    EXPECT_EQ(field_of(document, 1).name, "field");
    EXPECT_EQ(node.at, (Location{1, 3}));
}

TEST(GraphqlParser, ValuesAreOfEveryKind) {
    auto document = good(R"({ f(a: null, b: ENUM, c: -1.5e3, d: "s", e: """b""", f: [], g: {},
                                h: [$x, {y: [1]}]) })");
    const auto& arguments = field_of(document).arguments;
    using Kind = Value::Kind;
    std::vector<Kind> kinds;
    for (const auto& argument : arguments)
        kinds.push_back(argument.value.kind);
    EXPECT_THAT(kinds,
                testing::ElementsAre(Kind::null, Kind::enumeration, Kind::floating, Kind::string,
                                     Kind::string, Kind::list, Kind::object, Kind::list));
    EXPECT_EQ(arguments[7].value.items[1].fields[0].first, "y");
}

TEST(GraphqlParser, TypesAreNamedListedAndRequired) {
    auto document = good("query ($a: [[Int!]]! = [[1]], $b: S) { f }");
    const auto& type = document.operations[0].variables[0].type;
    EXPECT_TRUE(type.non_null);
    EXPECT_FALSE(type.of->non_null);
    EXPECT_TRUE(type.of->of->non_null);
    EXPECT_EQ(type.of->of->name, "Int");
    EXPECT_TRUE(document.operations[0].variables[0].otherwise);
    EXPECT_FALSE(document.operations[0].variables[1].otherwise);
}

TEST(GraphqlParser, EverythingAtOnce) {
    good(R"(query queryName($foo: ComplexType, $site: Site = MOBILE) @onQuery {
              whoever123is: node(id: [123, 456]) {
                id
                ... on User @onInlineFragment {
                  field2 {
                    id
                    alias: field1(first: 10, after: $foo) @include(if: $foo) {
                      id
                      ...frag @onFragmentSpread
                    }
                  }
                }
                ... @skip(unless: $foo) { id }
                ... { id }
              }
            }
            mutation likeStory @onMutation { like(story: 123) @onField { story { id @onField } } }
            subscription StoryLikeSubscription($input: StoryLikeSubscribeInput @onVariableDefinition)
              @onSubscription {
              storyLikeSubscribe(input: $input) { story { likers { count } likeSentence { text } } }
            }
            fragment frag on Friend @onFragmentDefinition {
              foo(size: $size, bar: $b, obj: {key: "value", block: """
                  block string uses \"""
              """})
            }
            { unnamed(truthy: true, falsy: false, nullish: null), query }
            query { __typename })");
}

TEST(GraphqlParser, WhatNobodyAsksInEarnestIsRefused) {
    std::string deep;
    for (int i = 0; i < 100; ++i)
        deep += "{ f ";
    EXPECT_THAT(parse(deep).error().message, testing::HasSubstr("Nested deeper than 64"));
    std::string nested = "{ f(a: " + std::string(100'000, '[');
    EXPECT_THAT(parse(nested).error().message, testing::HasSubstr("Nested deeper"));
    std::string types = "query ($a: " + std::string(100'000, '[');
    EXPECT_THAT(parse(types).error().message, testing::HasSubstr("Nested deeper"));
    std::string wide = "{ ";
    for (int i = 0; i < 20'000; ++i)
        wide += "f ";
    EXPECT_THAT(parse(wide + "}").error().message, testing::HasSubstr("15000 tokens"));
}

}  // namespace
}  // namespace mw::graphql
