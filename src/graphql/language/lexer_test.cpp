// Held to the cases of the reference implementation's tests of its lexer.
#include "graphql/language/lexer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mw::graphql {
namespace {

using namespace std::string_literals;

Token first(std::string_view text) {
    auto token = Lexer(text).next();
    EXPECT_TRUE(token) << text << ": " << (token ? "" : token.error().message);
    return token ? std::move(*token) : Token{};
}

void expect_token(std::string_view text, TokenKind kind, std::string_view value) {
    auto token = first(text);
    EXPECT_EQ(token.kind, kind) << text;
    EXPECT_EQ(token.text, value) << text;
}

// Of the first or, if that is good, the second token.
void expect_wrong(std::string_view text, std::string_view message, Location at) {
    Lexer lexer(text);
    auto token = lexer.next();
    if (token) token = lexer.next();
    ASSERT_FALSE(token) << text;
    EXPECT_EQ(token.error().message, "Syntax Error: " + std::string(message)) << text;
    EXPECT_EQ(token.error().locations.at(0).line, at.line) << text;
    EXPECT_EQ(token.error().locations.at(0).column, at.column) << text;
}

TEST(GraphqlLexer, CountsLinesAndColumns) {
    for (auto [text, at] : {std::pair("foo", Location{1, 1}),
                            {"\nfoo", {2, 1}},
                            {"\rfoo", {2, 1}},
                            {"\r\nfoo", {2, 1}},
                            {"\n\rfoo", {3, 1}},
                            {"\r\r\n\nfoo", {4, 1}},
                            {"\n\n\r\rfoo", {5, 1}},
                            {"\n \r\n \r  foo\n", {4, 3}},
                            {"\xEF\xBB\xBF foo", {1, 2}}}) {
        auto token = first(text);
        EXPECT_EQ(token.text, "foo");
        EXPECT_EQ(token.at.line, at.line) << text;
        EXPECT_EQ(token.at.column, at.column) << text;
    }
}

TEST(GraphqlLexer, PassesOverWhatMeansNothing) {
    for (auto text : {"\n\n    foo\n\n", "\t\tfoo\t\t", "#comment\n  foo#comment\n", ",,,foo,,,"})
        expect_token(text, TokenKind::name, "foo");
    EXPECT_EQ(first("  # nothing but this").kind, TokenKind::end_of_file);
}

TEST(GraphqlLexer, ReadsStrings) {
    for (auto [text, value] : std::vector<std::pair<std::string, std::string>>{
             {R"("")", ""},
             {R"("simple")", "simple"},
             {R"(" white space ")", " white space "},
             {R"("quote \"")", "quote \""},
             {R"("escaped \n\r\b\t\f")", "escaped \n\r\b\t\f"},
             {R"("slashes \\ \/")", "slashes \\ /"},
             {"\"tab\there\"", "tab\there"},
             {"\"plain \xF0\x9F\x98\x80\"", "plain \xF0\x9F\x98\x80"},
             {R"("unicode \u1234\u5678\u90AB\uCDEF")", "unicode \u1234\u5678\u90AB\uCDEF"},
             {R"("unicode \u{1234}\u{CDEF}")", "unicode \u1234\uCDEF"},
             {R"("outside \u{1F600}")", "outside \xF0\x9F\x98\x80"},
             {R"("least \u{0}")", "least \0"s},
             {R"("most \u{10FFFF}")", "most \xF4\x8F\xBF\xBF"},
             {R"("longest \u{00000000}")", "longest \0"s},
             {R"("pair \uD83D\uDE00")", "pair \xF0\x9F\x98\x80"},
             {R"("least pair \uD800\uDC00")", "least pair \xF0\x90\x80\x80"},
             {R"("most pair \uDBFF\uDFFF")", "most pair \xF4\x8F\xBF\xBF"}})
        expect_token(text, TokenKind::string, value);
}

TEST(GraphqlLexer, SaysWhatIsWrongWithAString) {
    expect_wrong("\"", "Unterminated string.", {1, 2});
    expect_wrong("\"\"\"", "Unterminated string.", {1, 4});
    expect_wrong("\"\"\"\"", "Unterminated string.", {1, 5});
    expect_wrong("\"no end quote", "Unterminated string.", {1, 14});
    expect_wrong("'single quotes'",
                 "Unexpected single quote character ('), did you mean to use a double quote (\")?",
                 {1, 1});
    expect_wrong("\"multi\nline\"", "Unterminated string.", {1, 7});
    expect_wrong("\"multi\rline\"", "Unterminated string.", {1, 7});
    expect_wrong("\"contains unescaped \a control char\"",
                 "Invalid character within String: U+0007.", {1, 21});
    auto escape = [](std::string text, std::string shown, int column, const char* kind) {
        expect_wrong("\"" + text + "\"",
                     "Invalid " + std::string(kind) + " escape sequence: \"" + shown + "\".",
                     {1, column});
    };
    escape(R"(bad \z esc)", R"(\z)", 6, "character");
    escape(R"(bad \x esc)", R"(\x)", 6, "character");
    for (auto [text, shown] : std::vector<std::pair<std::string, std::string>>{
             {R"(bad \u1 esc)", R"(\u1 es)"},
             {R"(bad \u0XX1 esc)", R"(\u0XX1)"},
             {R"(bad \uXXXX esc)", R"(\uXXXX)"},
             {R"(bad \uFXXX esc)", R"(\uFXXX)"},
             {R"(bad \uXXXF esc)", R"(\uXXXF)"},
             {R"(bad \u{} esc)", R"(\u{})"},
             {R"(bad \u{FXXX} esc)", R"(\u{FX)"},
             {R"(bad \u{FFFF esc)", R"(\u{FFFF )"},
             {R"(bad \u{FFFF)", R"(\u{FFFF")"},
             {R"(bad \u{110000} esc)", R"(\u{110000})"},
             {R"(bad \u{12345678} esc)", R"(\u{12345678})"},
             {R"(bad \u{000000000} esc)", R"(\u{000000000)"},
             {R"(bad \uDEAD esc)", R"(\uDEAD)"},
             {R"(bad \u{DEAD} esc)", R"(\u{DEAD})"},
             {R"(bad \u{D83D}\u{DE00} esc)", R"(\u{D83D})"},
             {R"(bad \uDEAD\uDEAD esc)", R"(\uDEAD)"},
             {R"(bad \uD800\uD800 esc)", R"(\uD800)"},
             {R"(bad \uD83D\not an escape)", R"(\uD83D)"}})
        escape(text, shown, 6, "Unicode");
}

TEST(GraphqlLexer, ReadsBlockStrings) {
    for (auto [inside, value] : std::vector<std::pair<std::string, std::string>>{
             {"", ""},
             {"simple", "simple"},
             {" white space ", " white space "},
             {"contains \" quote", "contains \" quote"},
             {"contains \\\"\"\" triple quote", "contains \"\"\" triple quote"},
             {"multi\nline", "multi\nline"},
             {"multi\rline\r\nnormalized", "multi\nline\nnormalized"},
             {"unescaped \\n\\r\\b\\t\\f\\u1234", "unescaped \\n\\r\\b\\t\\f\\u1234"},
             {"slashes \\\\ \\/", "slashes \\\\ \\/"},
             {"\n\n        spans\n          multiple\n            lines\n\n        ",
              "spans\n  multiple\n    lines"},
             {"\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n    ",
              "Hello,\n  World!\n\nYours,\n  GraphQL."}})
        expect_token("\"\"\"" + inside + "\"\"\"", TokenKind::block_string, value);
    // What comes after it is where it is.
    Lexer lexer("\"\"\"\n\n\"\"\" foo");
    ASSERT_TRUE(lexer.next());
    EXPECT_EQ(lexer.next()->at, (Location{3, 5}));
}

TEST(GraphqlLexer, SaysWhatIsWrongWithABlockString) {
    expect_wrong("\"\"\"no end quote", "Unterminated string.", {1, 16});
    expect_wrong("\"\"\"contains unescaped \a control char\"\"\"",
                 "Invalid character within String: U+0007.", {1, 23});
}

TEST(GraphqlLexer, ReadsNumbers) {
    for (auto text : {"0", "1", "4", "9", "42", "-4", "-0"})
        expect_token(text, TokenKind::integer, text);
    for (auto text : {"4.123", "-4.123", "0.123", "123e4", "123E4", "123e-4", "123e+4", "-1.123e4",
                      "-1.123E4", "-1.123e-4", "-1.123e+4", "-1.123e4567", "0e0"})
        expect_token(text, TokenKind::floating, text);
}

TEST(GraphqlLexer, SaysWhatIsWrongWithANumber) {
    auto digit = [](std::string_view text, std::string_view got, int column) {
        expect_wrong(text, "Invalid number, expected digit but got: " + std::string(got) + ".",
                     {1, column});
    };
    expect_wrong("00", "Invalid number, unexpected digit after 0: \"0\".", {1, 2});
    expect_wrong("01", "Invalid number, unexpected digit after 0: \"1\".", {1, 2});
    expect_wrong("01.23", "Invalid number, unexpected digit after 0: \"1\".", {1, 2});
    expect_wrong("+1", "Unexpected character: \"+\".", {1, 1});
    expect_wrong(".123", "Unexpected character: \".\".", {1, 1});
    digit("1.", "<EOF>", 3);
    digit("1e", "<EOF>", 3);
    digit("1E", "<EOF>", 3);
    digit("1.e1", "\"e\"", 3);
    digit("1.A", "\"A\"", 3);
    digit("-A", "\"A\"", 2);
    digit("1.0e", "<EOF>", 5);
    digit("1.0eA", "\"A\"", 5);
    digit("1.0e\"", "'\"'", 5);
    digit("1.2e3e", "\"e\"", 6);
    digit("1.2e3.4", "\".\"", 6);
    digit("1.23.4", "\".\"", 5);
    digit("0xF1", "\"x\"", 2);
    digit("0b10", "\"b\"", 2);
    digit("123abc", "\"a\"", 4);
    digit("1_234", "\"_\"", 2);
    digit("1.23f", "\"f\"", 5);
    digit("1.234_5", "\"_\"", 6);
}

TEST(GraphqlLexer, ReadsPunctuators) {
    for (auto text : {"!", "$", "&", "(", ")", "...", ":", "=", "@", "[", "]", "{", "|", "}"})
        expect_token(text, TokenKind::punctuator, text);
}

TEST(GraphqlLexer, SaysWhatIsNoneOfIt) {
    expect_wrong("..", "Unexpected character: \".\".", {1, 1});
    expect_wrong("~", "Unexpected character: \"~\".", {1, 1});
    expect_wrong("?", "Unexpected character: \"?\".", {1, 1});
    expect_wrong("\n\n ~\n", "Unexpected character: \"~\".", {3, 2});
    expect_wrong("\xC2\xAA", "Unexpected character: U+00AA.", {1, 1});
    expect_wrong("\xE0\xA8\x8A", "Unexpected character: U+0A0A.", {1, 1});
    expect_wrong("\xE2\x80\x8B", "Unexpected character: U+200B.", {1, 1});
    expect_wrong("\xF0\x9F\x98\x80", "Unexpected character: U+1F600.", {1, 1});
    expect_wrong("\x07", "Unexpected character: U+0007.", {1, 1});
    // A name does not hide what comes after it.
    expect_wrong("a-b", "Invalid number, expected digit but got: \"b\".", {1, 3});
}

TEST(GraphqlLexer, EndsAgainAndAgain) {
    Lexer lexer("foo");
    ASSERT_TRUE(lexer.next());
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(lexer.next()->kind, TokenKind::end_of_file);
}

}  // namespace
}  // namespace mw::graphql
