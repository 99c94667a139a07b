// Held to the cases of the reference implementation's tests of its executor.
#include "graphql/execution/execute.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "graphql/execution/introspection.hpp"
#include "test_support/run_on.hpp"

namespace mw::graphql {
namespace {

namespace asio = boost::asio;
using testing::HasSubstr;

Resolver gives(std::string_view text) {
    return [value = json::parse(text)](const Asked&) -> asio::awaitable<result<json::value>> {
        co_return value;
    };
}

// Its own arguments, so that a test sees what a resolver is handed.
asio::awaitable<result<json::value>> echo(const Asked& asked) {
    co_return json::value(json::serialize(asked.arguments));
}

class ExecutionTest : public testing::Test {
  protected:
    ExecutionTest() {
        schema_.scalar("BigInt");
        schema_.enumeration("Colour").values({"RED", "BLUE"});
        schema_.input("Filter")
            .input("a", "String")
            .input("b", "[String]")
            .input("c", "String!")
            .input("d", "Int", 7);
        schema_.interface("Named").field("name", "String");
        schema_.object("Dog")
            .implements({"Named"})
            .field("name", "String")
            .field("barks", "Boolean");
        schema_.object("Cat")
            .implements({"Named"})
            .field("name", "String")
            .field("meows", "Boolean");
        schema_.unified("Pet").members({"Dog", "Cat"});
        schema_.object("Node")
            .field("id", "BigInt")
            .field("name", "String")
            .field("must", "String!")
            .field("colour", "Colour")
            .field("next", "Node")
            .field("nextMust", "Node!")
            .field("list", "[Node]")
            .field("listMust", "[Node!]")
            .field("fails", "String")
            .resolve([](const Asked&) -> asio::awaitable<result<json::value>> {
                co_return fail(Errc::not_found, "It is not there.");
            });
        schema_.object("Query")
            .field("node", "Node")
            .resolve(gives(R"({"id": "9007199254740993", "name": "first", "colour": "RED",
                               "next": {"name": "second"}, "list": [{"name": "a"}, null, {}],
                               "listMust": [{"name": "a"}, null]})"))
            .field("pets", "[Pet]")
            .resolve(gives(R"([{"__typename": "Dog", "name": "Odie", "barks": true},
                               {"__typename": "Cat", "name": "Garfield", "meows": false},
                               {"name": "nobody knows"}])"))
            .field("named", "Named")
            .resolve(gives(R"({"__typename": "Cat", "name": "Garfield", "meows": true})"))
            .field("echo", "String")
            .argument("filter", "Filter")
            .argument("n", "Int", 3)
            .argument("list", "[Int!]")
            .resolve(echo)
            .field("needs", "String")
            .argument("it", "String!")
            .resolve(echo)
            .field("secret", "String")
            .resolve([](const Asked&) -> asio::awaitable<result<json::value>> {
                co_return fail(Errc::internal, "the password is 1234");
            })
            .field("number", "Int")
            .resolve(gives("\"no number\""))
            .field("many", "[Int]")
            .resolve(gives("[1, 2, 3]"))
            .field("notMany", "[Int]")
            .resolve(gives("1"));
        add_introspection(schema_);
    }

    json::object ask(std::string query, std::string_view variables = "{}",
                     std::string operation = {}, ExecutionLimits limits = {}) {
        return test::run_on(ioc_, [&] {
            return execute(
                schema_,
                {std::move(query), std::move(operation), json::parse(variables).as_object()},
                context_, limits);
        });
    }
    std::string data(std::string query, std::string_view variables = "{}") {
        auto answer = ask(std::move(query), variables);
        EXPECT_FALSE(answer.contains("errors")) << json::serialize(answer);
        return answer.contains("data") ? json::serialize(answer["data"]) : "";
    }
    std::string error(std::string query, std::string_view variables = "{}",
                      std::string operation = {}) {
        auto answer = ask(std::move(query), variables, std::move(operation));
        if (!answer.contains("errors")) return "none";
        return std::string(answer["errors"].at(0).at("message").as_string());
    }

    asio::io_context ioc_;
    Context context_;
    Schema schema_{"Query"};
};

TEST_F(ExecutionTest, TheSchemaOfTheseTestsFitsTogether) {
    EXPECT_THAT(schema_.problems(), testing::IsEmpty());
}

TEST_F(ExecutionTest, WhatIsAskedForIsAnsweredInItsOrder) {
    EXPECT_EQ(data("{ node { name, id, alias: name, next { name, next { name } }, colour } }"),
              R"({"node":{"name":"first","id":9007199254740993,"alias":"first",)"
              R"("next":{"name":"second","next":null},"colour":"RED"}})");
    EXPECT_EQ(data("{ __typename node { __typename } many }"),
              R"({"__typename":"Query","node":{"__typename":"Node"},"many":[1,2,3]})");
}

TEST_F(ExecutionTest, SelectionsOfOneNameAreOne) {
    EXPECT_EQ(
        data("{ node { next { name } } ...f } fragment f on Query { node { name next { id } } }"),
        R"({"node":{"next":{"name":"second","id":null},"name":"first"}})");
}

TEST_F(ExecutionTest, WhatIsSkippedIsNotAsked) {
    EXPECT_EQ(data("query ($y: Boolean!, $n: Boolean!) { many @include(if: $n) node { "
                   "name @skip(if: $y) id: name @include(if: $y) ...f @skip(if: $y) "
                   "... @include(if: $n) { colour } } } fragment f on Node { colour }",
                   R"({"y": true, "n": false})"),
              R"({"node":{"id":"first"}})");
}

TEST_F(ExecutionTest, AnObjectOfManyTypesIsTheOneThatItSays) {
    auto answer =
        ask("{ pets { __typename ... on Named { name } ... on Dog { barks } "
            "... on Cat { meows } } named { name ... on Cat { meows } } }");
    EXPECT_EQ(json::serialize(answer["data"]),
              R"({"pets":[{"__typename":"Dog","name":"Odie","barks":true},)"
              R"({"__typename":"Cat","name":"Garfield","meows":false},null],)"
              R"("named":{"name":"Garfield","meows":true}})");
    EXPECT_EQ(json::serialize(answer["errors"].at(0).at("path")), R"(["pets",2])");
    EXPECT_THAT(std::string(answer["errors"].at(0).at("message").as_string()),
                HasSubstr("must resolve to an Object type"));
}

TEST_F(ExecutionTest, AnErrorIsWhereItHappenedAndNullStandsThere) {
    auto answer = ask("{ node {\n  name\n  fails\n  next { fails } } }");
    EXPECT_EQ(json::serialize(answer),
              R"({"data":{"node":{"name":"first","fails":null,"next":{"fails":null}}},)"
              R"("errors":[{"message":"It is not there.","locations":[{"line":3,"column":3}],)"
              R"("path":["node","fails"]},{"message":"It is not there.",)"
              R"("locations":[{"line":4,"column":10}],"path":["node","next","fails"]}]})");
}

TEST_F(ExecutionTest, WhatMayNotBeNullTakesWhatHoldsItWithIt) {
    auto one = ask("{ node { name next { must } } }");
    EXPECT_EQ(json::serialize(one["data"]), R"({"node":{"name":"first","next":null}})");
    EXPECT_EQ(json::serialize(one["errors"].at(0).at("path")), R"(["node","next","must"])");
    EXPECT_EQ(one["errors"].at(0).at("message").as_string(),
              "Cannot return null for non-nullable field must.");
    // Up to the first that may be.
    auto up = ask("{ many node { nextMust { name } } }");
    EXPECT_EQ(json::serialize(up["data"]), R"({"many":[1,2,3],"node":null})");
    auto list = ask("{ node { list { name } listMust { name } } }");
    EXPECT_EQ(json::serialize(list["data"]),
              R"({"node":{"list":[{"name":"a"},null,{"name":null}],"listMust":null}})");
    EXPECT_EQ(json::serialize(list["errors"].at(0).at("path")), R"(["node","listMust",1])");
}

TEST_F(ExecutionTest, WhatAResolverGivesIsMadeOfItsType) {
    auto answer = ask("{ number notMany many }");
    EXPECT_EQ(json::serialize(answer["data"]), R"({"number":null,"notMany":null,"many":[1,2,3]})");
    EXPECT_EQ(answer["errors"].at(0).at("message").as_string(),
              "Int cannot represent non-integer value: \"no number\"");
    EXPECT_THAT(std::string(answer["errors"].at(1).at("message").as_string()),
                HasSubstr("Expected a list"));
}

TEST_F(ExecutionTest, WhatWentWrongInsideIsNotShown) {
    EXPECT_EQ(error("{ secret }"), "Something went wrong here. The log has it.");
}

TEST_F(ExecutionTest, ArgumentsComeAsTheirTypesSay) {
    EXPECT_EQ(data("{ echo }"), R"({"echo":"{\"n\":3}"})");
    EXPECT_EQ(
        data(R"({ echo(filter: {a: "x", b: ["y", null], c: "z"}, n: null) })"),
        R"({"echo":"{\"filter\":{\"a\":\"x\",\"b\":[\"y\",null],\"c\":\"z\",\"d\":7},\"n\":null}"})");
    // One is a list of one.
    EXPECT_EQ(
        data(R"({ echo(filter: {b: "y", c: "z", d: null}, list: 4) })"),
        R"({"echo":"{\"filter\":{\"b\":[\"y\"],\"c\":\"z\",\"d\":null},\"n\":3,\"list\":[4]}"})");
}

TEST_F(ExecutionTest, VariablesComeAsTheirTypesSay) {
    std::string query =
        "query ($f: Filter, $n: Int, $l: [Int!]) { echo(filter: $f, n: $n, list: $l) }";
    EXPECT_EQ(data(query, R"({"f": {"a": "x", "c": "z"}, "l": 1})"),
              R"({"echo":"{\"filter\":{\"a\":\"x\",\"c\":\"z\",\"d\":7},\"n\":3,\"list\":[1]}"})");
    EXPECT_EQ(data("query ($n: Int = 5) { echo(n: $n) }"), R"({"echo":"{\"n\":5}"})");
    EXPECT_EQ(data("query ($n: Int = 5) { echo(n: $n) }", R"({"n": null})"),
              R"({"echo":"{\"n\":null}"})");
    EXPECT_EQ(data("query ($c: String!) { echo(filter: {c: $c}) }", R"({"c": "v"})"),
              R"({"echo":"{\"filter\":{\"c\":\"v\",\"d\":7},\"n\":3}"})");
    EXPECT_EQ(error(query, R"({"f": {"a": "x"}})"),
              "Variable \"$f\" got invalid value {\"a\":\"x\"}; Field \"c\" of required type "
              "\"String!\" was not provided.");
    EXPECT_EQ(error(query, R"({"f": {"a": "x", "c": null}})"),
              "Variable \"$f\" got invalid value null at \"f.c\"; Expected non-nullable type "
              "\"String!\" not to be null.");
    EXPECT_EQ(
        error(query, R"({"f": "text"})"),
        "Variable \"$f\" got invalid value \"text\"; Expected type \"Filter\" to be an object.");
    EXPECT_EQ(error(query, R"({"f": {"c": "z", "more": 1}})"),
              "Variable \"$f\" got invalid value {\"c\":\"z\",\"more\":1}; Field \"more\" is not "
              "defined by type \"Filter\".");
    EXPECT_EQ(
        error(query, R"({"l": [1, "2"]})"),
        "Variable \"$l\" got invalid value \"2\" at \"l[1]\"; Int cannot represent non-integer "
        "value: \"2\"");
    EXPECT_EQ(error("query ($s: String!) { needs(it: $s) }"),
              "Variable \"$s\" of required type \"String!\" was not provided.");
}

TEST_F(ExecutionTest, OneOperationIsChosen) {
    std::string two = "query A { many } query B { number }";
    EXPECT_EQ(json::serialize(ask(two, "{}", "A")["data"]), R"({"many":[1,2,3]})");
    EXPECT_EQ(error(two), "Must provide operation name if query contains multiple operations.");
    EXPECT_EQ(error(two, "{}", "C"), "Unknown operation named \"C\".");
    EXPECT_EQ(error("fragment f on Query { many }"), "Fragment \"f\" is never used.");
    EXPECT_EQ(error(""), "Syntax Error: Unexpected <EOF>.");
    EXPECT_FALSE(ask("{ nothing }").contains("data"));
}

TEST_F(ExecutionTest, AnAnswerThatIsTooLargeEnds) {
    auto answer = ask("{ many node { name } }", "{}", {}, {.values = 3});
    EXPECT_THAT(std::string(answer["errors"].at(0).at("message").as_string()),
                HasSubstr("too large"));
    EXPECT_EQ(answer["errors"].as_array().size(), 1U);
}

TEST_F(ExecutionTest, TheSchemaTellsOfItself) {
    EXPECT_EQ(
        data(R"({ __type(name: "Node") { kind name fields { name type { kind name ofType {
                        name } } } interfaces { name } enumValues { name } } })"),
        R"({"__type":{"kind":"OBJECT","name":"Node","fields":[)"
        R"({"name":"id","type":{"kind":"SCALAR","name":"BigInt","ofType":null}},)"
        R"({"name":"name","type":{"kind":"SCALAR","name":"String","ofType":null}},)"
        R"({"name":"must","type":{"kind":"NON_NULL","name":null,"ofType":{"name":"String"}}},)"
        R"({"name":"colour","type":{"kind":"ENUM","name":"Colour","ofType":null}},)"
        R"({"name":"next","type":{"kind":"OBJECT","name":"Node","ofType":null}},)"
        R"({"name":"nextMust","type":{"kind":"NON_NULL","name":null,"ofType":{"name":"Node"}}},)"
        R"({"name":"list","type":{"kind":"LIST","name":null,"ofType":{"name":"Node"}}},)"
        R"({"name":"listMust","type":{"kind":"LIST","name":null,"ofType":{"name":null}}},)"
        R"({"name":"fails","type":{"kind":"SCALAR","name":"String","ofType":null}}],)"
        R"("interfaces":[],"enumValues":null}})");
    EXPECT_EQ(data(R"({ __type(name: "Pet") { possibleTypes { name } }
                        colour: __type(name: "Colour") { enumValues { name } }
                        filter: __type(name: "Filter") { inputFields { name defaultValue } }
                        none: __type(name: "None") { name } })"),
              R"({"__type":{"possibleTypes":[{"name":"Dog"},{"name":"Cat"}]},)"
              R"("colour":{"enumValues":[{"name":"RED"},{"name":"BLUE"}]},)"
              R"("filter":{"inputFields":[{"name":"a","defaultValue":null},)"
              R"({"name":"b","defaultValue":null},{"name":"c","defaultValue":null},)"
              R"({"name":"d","defaultValue":"7"}]},"none":null})");
    auto all = data("{ __schema { queryType { name } types { name } directives { name } } }");
    EXPECT_THAT(all, HasSubstr(R"("queryType":{"name":"Query"})"));
    EXPECT_THAT(all, HasSubstr("__TypeKind"));
    EXPECT_THAT(all, testing::Not(HasSubstr("__Introspection")));
}

}  // namespace
}  // namespace mw::graphql
