// Held to the cases of the reference implementation's tests of its rules.
#include "graphql/validation/validate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/language/parser.hpp"

namespace mw::graphql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Validation : public testing::Test {
  protected:
    Validation() {
        schema_.interface("Pet").field("name", "String").argument("surname", "Boolean");
        schema_.object("Dog")
            .implements({"Pet"})
            .field("name", "String")
            .argument("surname", "Boolean")
            .field("barkVolume", "Int")
            .field("isAtLocation", "Boolean")
            .argument("x", "Int")
            .argument("y", "Int");
        schema_.object("Cat")
            .implements({"Pet"})
            .field("name", "String")
            .argument("surname", "Boolean")
            .field("meows", "Boolean");
        schema_.unified("CatOrDog").members({"Cat", "Dog"});
        schema_.object("Human").field("name", "String").field("pets", "[Pet]");
        schema_.enumeration("Colour").values({"BROWN", "BLACK"});
        schema_.input("Filter")
            .input("required", "Boolean!")
            .input("first", "Int", 10)
            .input("names", "[String]");
        schema_.scalar("BigInt");
        schema_.object("Query")
            .field("big", "Int")
            .argument("of", "BigInt!")
            .field("human", "Human")
            .argument("id", "ID")
            .field("dog", "Dog")
            .field("pet", "Pet")
            .field("catOrDog", "CatOrDog")
            .field("number", "Int")
            .argument("of", "Int")
            .field("needs", "Int")
            .argument("it", "Int!")
            .argument("or", "Int!", 5)
            .field("coloured", "Int")
            .argument("colour", "Colour")
            .field("filtered", "Int")
            .argument("by", "Filter")
            .argument("list", "[Int!]");
    }

    std::vector<std::string> errors(std::string_view query) {
        auto document = parse(query);
        EXPECT_TRUE(document) << query;
        std::vector<std::string> messages;
        for (const auto& error : validate(schema_, *document))
            messages.push_back(error.message);
        return messages;
    }
    void expect_good(std::string_view query) { EXPECT_THAT(errors(query), IsEmpty()) << query; }
    void expect_wrong(std::string_view query, std::string_view message) {
        EXPECT_THAT(errors(query), ElementsAre(std::string(message))) << query;
    }

    Schema schema_{"Query"};
};

TEST_F(Validation, TheSchemaOfTheseTestsFitsTogether) {
    EXPECT_THAT(schema_.problems(), IsEmpty());
}

TEST_F(Validation, FieldsAreThoseOfTheirType) {
    expect_good("{ dog { name barkVolume } human { pets { name } } __typename }");
    expect_wrong("{ dog { meows } }", "Cannot query field \"meows\" on type \"Dog\".");
    expect_wrong("{ pet { barkVolume } }", "Cannot query field \"barkVolume\" on type \"Pet\".");
    expect_wrong("{ catOrDog { name } }", "Cannot query field \"name\" on type \"CatOrDog\".");
    expect_good("{ catOrDog { __typename ... on Dog { barkVolume } ... on Cat { meows } } }");
}

TEST_F(Validation, ObjectsAreSelectedFromAndLeavesAreNot) {
    expect_wrong("{ human }",
                 "Field \"human\" of type \"Human\" must have a selection of subfields. Did you "
                 "mean \"human { ... }\"?");
    expect_wrong(
        "{ human { pets } }",
        "Field \"pets\" of type \"[Pet]\" must have a selection of subfields. Did you mean "
        "\"pets { ... }\"?");
    expect_wrong("{ number { x } }",
                 "Field \"number\" must not have a selection since type \"Int\" has no subfields.");
}

TEST_F(Validation, OperationsAreNamedOnce) {
    expect_good("query A { number } query B { number }");
    expect_wrong("query A { number } query A { number }",
                 "There can be only one operation named \"A\".");
    expect_wrong("{ number } query A { number }",
                 "This anonymous operation must be the only defined operation.");
}

TEST_F(Validation, FragmentsAreKnownUsedAndOfSomethingWithFields) {
    expect_good("{ dog { ...f } } fragment f on Dog { name }");
    expect_wrong("{ dog { ...f } }", "Unknown fragment \"f\".");
    expect_wrong("{ number } fragment f on Dog { name }", "Fragment \"f\" is never used.");
    expect_wrong("{ dog { ...f } } fragment f on Dog { name } fragment f on Dog { barkVolume }",
                 "There can be only one fragment named \"f\".");
    expect_wrong("{ dog { ...f } } fragment f on Fish { name }", "Unknown type \"Fish\".");
    expect_wrong("{ dog { ...f } } fragment f on Colour { name }",
                 "Fragment \"f\" cannot condition on non composite type \"Colour\".");
    expect_wrong("{ dog { ... on Int { name } } }",
                 "Fragment cannot condition on non composite type \"Int\".");
}

TEST_F(Validation, AFragmentIsOfWhatMayBeThere) {
    expect_good("{ pet { ... on Dog { barkVolume } } dog { ... on Pet { name } } }");
    expect_wrong("{ dog { ... on Cat { meows } } }",
                 "Fragment cannot be spread here as objects of type \"Dog\" can never be of type "
                 "\"Cat\".");
    expect_wrong("{ dog { ...f } } fragment f on Human { name }",
                 "Fragment \"f\" cannot be spread here as objects of type \"Dog\" can never be of "
                 "type \"Human\".");
}

TEST_F(Validation, FragmentsDoNotLeadRound) {
    expect_wrong("{ dog { ...a } } fragment a on Dog { ...a }",
                 "Cannot spread fragment \"a\" within itself.");
    expect_wrong("{ dog { ...a } } fragment a on Dog { ...b } fragment b on Dog { ...a }",
                 "Cannot spread fragment \"a\" within itself via \"b\".");
    expect_wrong(
        "{ dog { ...a } } fragment a on Dog { ...b } fragment b on Dog { ...c } "
        "fragment c on Dog { ...b }",
        "Cannot spread fragment \"b\" within itself via \"c\".");
}

TEST_F(Validation, VariablesAreDefinedUsedAndInputs) {
    expect_good("query ($n: Int) { number(of: $n) }");
    expect_good("query ($n: Int) { ...f } fragment f on Query { number(of: $n) }");
    expect_wrong("query A { number(of: $n) }",
                 "Variable \"$n\" is not defined by operation \"A\".");
    expect_wrong("{ number(of: $n) }", "Variable \"$n\" is not defined.");
    expect_wrong("query A($n: Int) { number }",
                 "Variable \"$n\" is never used in operation \"A\".");
    expect_wrong("query ($n: Int, $n: Int) { number(of: $n) }",
                 "There can be only one variable named \"$n\".");
    EXPECT_THAT(errors("query ($d: Dog) { number(of: $d) }"),
                testing::Contains("Variable \"$d\" cannot be non-input type \"Dog\"."));
    EXPECT_THAT(errors("query ($d: Fish) { number(of: $d) }"),
                testing::Contains("Unknown type \"Fish\"."));
}

TEST_F(Validation, AWholeNumberFitsWhereALongerOneIsWanted) {
    expect_good("query ($n: Int!) { big(of: $n) }");
    expect_wrong("query ($n: Int) { big(of: $n) }",
                 "Variable \"$n\" of type \"Int\" used in position expecting type \"BigInt!\".");
    expect_wrong("query ($n: BigInt!) { number(of: $n) }",
                 "Variable \"$n\" of type \"BigInt!\" used in position expecting type \"Int\".");
}

TEST_F(Validation, VariablesFitTheirPlace) {
    expect_good("query ($n: Int!) { number(of: $n) needs(it: $n) }");
    expect_wrong("query ($n: Int) { needs(it: $n) }",
                 "Variable \"$n\" of type \"Int\" used in position expecting type \"Int!\".");
    expect_good("query ($n: Int = 1) { needs(it: $n) }");
    expect_good("query ($n: Int) { needs(it: 1, or: $n) }");
    expect_wrong("query ($s: String) { number(of: $s) }",
                 "Variable \"$s\" of type \"String\" used in position expecting type \"Int\".");
    expect_wrong("query ($n: Int) { filtered(list: [1, $n]) }",
                 "Variable \"$n\" of type \"Int\" used in position expecting type \"Int!\".");
    expect_wrong("query ($s: String) { filtered(by: {required: true, first: $s}) }",
                 "Variable \"$s\" of type \"String\" used in position expecting type \"Int\".");
    expect_good("query ($l: [Int!]) { filtered(list: $l) }");
    expect_wrong("query ($l: [Int]) { filtered(list: $l) }",
                 "Variable \"$l\" of type \"[Int]\" used in position expecting type \"[Int!]\".");
}

TEST_F(Validation, ArgumentsAreKnownOnceAndThereIfTheyMustBe) {
    expect_wrong("{ number(off: 1) }", "Unknown argument \"off\" on field \"Query.number\".");
    expect_wrong("{ number(of: 1, of: 2) }", "There can be only one argument named \"of\".");
    expect_wrong("{ needs }",
                 "Field \"needs\" argument \"it\" of type \"Int!\" is required, but it was not "
                 "provided.");
    expect_good("{ needs(it: 1) }");
}

TEST_F(Validation, ValuesAreOfTheirType) {
    expect_good(
        "{ number(of: 2) human(id: 4) { name } a: human(id: \"x\") { name } coloured(colour: "
        "BLACK) }");
    expect_good("{ filtered(by: {required: true}, list: 3) number(of: null) }");
    expect_wrong("{ number(of: \"3\") }", "Int cannot represent non-integer value: \"3\"");
    expect_wrong("{ number(of: 3.0) }", "Int cannot represent non-integer value: 3.0");
    expect_wrong("{ number(of: FOO) }", "Int cannot represent non-integer value: FOO");
    expect_wrong("{ number(of: 829384293849283498239482938) }",
                 "Int cannot represent non-integer value: 829384293849283498239482938");
    expect_wrong("{ needs(it: null) }", "Expected value of type \"Int!\", found null.");
    expect_wrong("{ coloured(colour: \"BLACK\") }",
                 "Enum \"Colour\" cannot represent non-enum value: \"BLACK\".");
    expect_wrong("{ coloured(colour: GREEN) }",
                 "Value \"GREEN\" does not exist in \"Colour\" enum.");
    expect_wrong("{ filtered(by: {first: 1}) }",
                 "Field \"Filter.required\" of required type \"Boolean!\" was not provided.");
    expect_wrong("{ filtered(by: {required: true, last: 1}) }",
                 "Field \"last\" is not defined by type \"Filter\".");
    expect_wrong("{ filtered(by: 5) }", "Expected value of type \"Filter\", found 5.");
    expect_wrong("query ($n: Int = \"one\") { number(of: $n) }",
                 "Int cannot represent non-integer value: \"one\"");
}

TEST_F(Validation, DirectivesAreKnownAndWhereTheyMayBe) {
    expect_good("query ($b: Boolean!) { number @skip(if: $b) ... @include(if: true) { number } }");
    expect_wrong("{ number @loud }", "Unknown directive \"@loud\".");
    expect_wrong("query @skip(if: true) { number }",
                 "Directive \"@skip\" may not be used on QUERY.");
    expect_wrong("{ number @skip }",
                 "Directive \"@skip\" argument \"if\" of type \"Boolean!\" is required, but it was "
                 "not provided.");
    expect_wrong("{ number @skip(if: true) @skip(if: true) }",
                 "The directive \"@skip\" can only be used once at this location.");
}

TEST_F(Validation, OneNameInTheAnswerMeansOneThing) {
    expect_good("{ number(of: 1) number(of: 1) }");
    expect_wrong("{ n: number n: needs(it: 1) }",
                 "Fields \"n\" conflict because \"number\" and \"needs\" are different fields. Use "
                 "different aliases on the fields to fetch both if this was intentional.");
    expect_wrong("{ number(of: 1) number(of: 2) }",
                 "Fields \"number\" conflict because they have differing arguments. Use different "
                 "aliases on the fields to fetch both if this was intentional.");
    expect_good("{ catOrDog { ... on Dog { n: name } ... on Cat { n: meows } } }");
}

TEST_F(Validation, OnlyQueriesAreExecuted) {
    EXPECT_THAT(errors("mutation { number }"), testing::SizeIs(1));
}

TEST_F(Validation, ErrorsAreAHundredAtMost) {
    std::string query = "{ ";
    for (int i = 0; i < 500; ++i)
        query += "nothing ";
    EXPECT_THAT(errors(query + "}"), testing::SizeIs(100));
}

TEST_F(Validation, ATypeMayBeAskedForByAnotherName) {
    schema_.alias("Hound", "Dog");
    schema_.alias("OldFilter", "Filter");
    expect_good("{ pet { ... on Hound { barkVolume } } }");
    expect_good("query($by: OldFilter) { filtered(by: $by) }");
    expect_good("fragment F on Hound { barkVolume } { dog { ...F } }");
    expect_wrong("{ pet { ... on Hound { meows } } }",
                 "Cannot query field \"meows\" on type \"Dog\".");
    EXPECT_THROW(schema_.alias("Wolf", "NoSuchType"), std::logic_error);
}

}  // namespace
}  // namespace mw::graphql
