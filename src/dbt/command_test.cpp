#include "dbt/command.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::dbt {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> words(std::string_view text) {
    auto split = split_words(text);
    EXPECT_TRUE(split) << text << ": " << (split ? "" : split.error().message);
    return split.value_or(std::vector<std::string>{});
}

std::string error_of(std::string_view text) {
    auto command = parse_command(text);
    EXPECT_FALSE(command) << text;
    return command ? "" : command.error().message;
}

TEST(SplitWords, SplitsLikeAShell) {
    EXPECT_THAT(words("dbt build --select 'a b' +c"),
                ElementsAre("dbt", "build", "--select", "a b", "+c"));
    EXPECT_THAT(words("  dbt\trun\n"), ElementsAre("dbt", "run"));
    EXPECT_THAT(words(R"(dbt run --vars "{\"k\": \"v w\"}")"),
                ElementsAre("dbt", "run", "--vars", R"({"k": "v w"})"));
    EXPECT_THAT(words(R"(a'b c'"d e"f)"), ElementsAre("ab cd ef"));
    EXPECT_THAT(words(R"(a\ b \'c\')"), ElementsAre("a b", "'c'"));
    EXPECT_THAT(words(R"("keeps \n and \$x \\ \`")"), ElementsAre(R"(keeps \n and $x \ `)"));
    EXPECT_THAT(words("a#b '#' \\# 'c$d' \\$e f$ \"g$\" $'h'"),
                ElementsAre("a#b", "#", "#", "c$d", "$e", "f$", "g$", "$h"));
    EXPECT_THAT(words("dbt build\n  --select x\n"), ElementsAre("dbt", "build", "--select", "x"));
    EXPECT_THAT(words("run ''"), ElementsAre("run", ""));
    EXPECT_THAT(words("run \\\n  --full-refresh"), ElementsAre("run", "--full-refresh"));
    EXPECT_THAT(words("\"a\\\nb\""), ElementsAre("ab"));
    EXPECT_THAT(words(""), IsEmpty());
}

TEST(SplitWords, KeepsWhatIsDbtsOwn) {
    EXPECT_THAT(words("--vars {a: b} @model 1+x+2 tag:x,config.materialized:view é* ~x (y)"),
                ElementsAre("--vars", "{a:", "b}", "@model", "1+x+2",
                            "tag:x,config.materialized:view", "é*", "~x", "(y)"));
    EXPECT_THAT(words("--args '{sql: \"a; b | c > d && `e` $(f)\"}'"),
                ElementsAre("--args", "{sql: \"a; b | c > d && `e` $(f)\"}"));
}

TEST(SplitWords, RefusesWhatNeedsAShell) {
    for (std::string_view text :
         {"dbt run | tee x", "dbt run && dbt test", "dbt run; ls", "dbt run > x", "dbt run < x",
          "dbt run `ls`", "dbt run $(ls)", "dbt run & dbt test", "dbt run \"`ls`\"",
          "dbt run \"$(ls)\"", "dbt run $X", "dbt run ${X}", "dbt run \"a $X\"", "dbt run $1"})
        EXPECT_THAT(error_of(text), HasSubstr("without a shell")) << text;
    EXPECT_THAT(error_of("dbt run && dbt test"), HasSubstr("`&&`"));
    EXPECT_THAT(error_of("dbt run -s $MODEL -x"), HasSubstr("`$MODEL`"));
    EXPECT_THAT(error_of("dbt run # all"), HasSubstr("no comments"));
    EXPECT_THAT(error_of("dbt run\ndbt test"), HasSubstr("a step of its own"));
    EXPECT_THAT(error_of("dbt run 'x"), HasSubstr("single quote"));
    EXPECT_THAT(error_of("dbt run \"x"), HasSubstr("double quote"));
    EXPECT_THAT(error_of("dbt run \"x\\"), HasSubstr("double quote"));
    EXPECT_THAT(error_of("dbt run \\"), HasSubstr("backslash"));
    EXPECT_THAT(error_of(std::string_view("dbt run \0x", 10)), HasSubstr("NUL"));
}

TEST(ParseCommand, FindsTheSubcommand) {
    struct Case {
        std::string_view text;
        std::string_view subcommand;
    };
    for (auto [text, subcommand] : std::to_array<Case>({
             {"dbt build", "build"},
             {"dbt ls --select x", "list"},
             {"dbt list", "list"},
             {"dbt docs generate --no-compile", "docs generate"},
             {"dbt docs --no-version-check generate", "docs generate"},
             {"dbt source freshness", "source freshness"},
             {"dbt source snapshot-freshness", "source freshness"},
             {"dbt --target prod --warn-error run -s x", "run"},
             {"dbt --target=prod run", "run"},
             {"dbt -t prod run", "run"},
             {"dbt run-operation grant --args '{a: b}'", "run-operation"},
             {"dbt --version", ""},
             {"dbt --help", ""},
             {"dbt docs generate --help", "docs generate"},
             // The whole list, with flags before and behind.
             {"dbt seed --full-refresh", "seed"},
             {"dbt snapshot --select x", "snapshot"},
             {"dbt test --select source:* --store-failures", "test"},
             {"dbt compile --inline 'select 1'", "compile"},
             {"dbt parse --no-partial-parse", "parse"},
             {"dbt show --inline \"select 1\" --limit 5", "show"},
             {"dbt clone --state ./state", "clone"},
             {"dbt retry", "retry"},
             {"dbt deps --upgrade", "deps"},
             {"dbt debug --connection", "debug"},
             {"dbt clean", "clean"},
             {"dbt ls --output json --output-keys 'name unique_id'", "list"},
             {"dbt -q run", "run"},
             {"dbt --warn-error build", "build"},
             {"dbt --warn-error-options '{\"include\": \"all\"}' build", "build"},
             {"dbt --log-level debug --no-use-colors --log-format json run", "run"},
             {"dbt -x -d -tprod test", "test"},
             {"dbt run --vars '{\"a\": 1}' --target-path out/x --project-dir sub", "run"},
             {"dbt run --project-dir ./a/../b --log-path=logs", "run"},
             {"dbt run-operation x -- --project-dir /", "run-operation"},
         })) {
        auto command = parse_command(text);
        ASSERT_TRUE(command) << text;
        EXPECT_EQ(command->subcommand, subcommand) << text;
    }
}

TEST(ParseCommand, RefusesWhatIsNoJob) {
    EXPECT_THAT(error_of(""), HasSubstr("empty"));
    EXPECT_THAT(error_of("  \n"), HasSubstr("empty"));
    EXPECT_THAT(error_of("rm -rf /"), HasSubstr("begins with `dbt`, not with `rm`"));
    EXPECT_THAT(error_of("DBT_X=1 dbt run"), HasSubstr("DBT_X=1"));
    struct Case {
        std::string_view text;
        std::string_view reason;
    };
    for (auto [text, reason] : std::to_array<Case>({
             {"dbt init", "`dbt init` asks questions"},
             {"dbt docs serve --port 1", "`dbt docs serve` does not end by itself"},
             {"dbt docs", "needs a second word"},
             {"dbt source", "needs a second word"},
             {"dbt docs publish", "`docs publish` is no command of dbt"},
             {"dbt sl export-all", "`dbt sl` is part of dbt Cloud's semantic layer"},
             {"dbt frobnicate", "`frobnicate` is no command of dbt"},
             {"dbt frobnicate --help", "`frobnicate` is no command of dbt"},
             {"dbt Build", "`Build` is no command of dbt"},
             {"dbt", "names no command"},
             {"dbt --target", "names no command"},
             {"dbt -q", "names no command"},
             {"python -m dbt run", "not with `python`"},
             {"sh -c 'dbt run'", "not with `sh`"},
             {"dbt run --profiles-dir .", "no `--profiles-dir`"},
             {"dbt --profiles-dir=/etc run", "no `--profiles-dir`"},
             {"dbt run --project-dir /srv/other", "`--project-dir` must be a path inside"},
             {"dbt run --project-dir=../other", "`--project-dir` must be a path inside"},
             {"dbt run --target-path a/../../b", "`--target-path` must be a path inside"},
             {"dbt run --log-path ~/logs", "`--log-path` must be a path inside"},
             {"dbt --log-path '' run", "`--log-path` must be a path inside"},
             {"dbt run --state x --state /tmp/y", "`--state` must be a path inside"},
             {"dbt -r/tmp/x run", "`-r` must be a path inside"},
         }))
        EXPECT_THAT(error_of(text), HasSubstr(std::string(reason))) << text;
    EXPECT_EQ(parse_command("dbt init").error().code, Errc::invalid_argument);
}

TEST(Command, KnowsWhatRetrySupports) {
    for (std::string_view text :
         {"dbt build", "dbt compile", "dbt clone", "dbt docs generate", "dbt seed", "dbt snapshot",
          "dbt test", "dbt run", "dbt run-operation x"})
        EXPECT_TRUE(supports_retry(*parse_command(text))) << text;
    for (std::string_view text : {"dbt deps", "dbt source freshness", "dbt ls", "dbt parse",
                                  "dbt debug", "dbt retry", "dbt show", "dbt --version"})
        EXPECT_FALSE(supports_retry(*parse_command(text))) << text;
}

TEST(Command, KnowsItsArtifacts) {
    EXPECT_THAT(artifacts_of(*parse_command("dbt build")),
                ElementsAre("manifest.json", "semantic_manifest.json", "run_results.json"));
    EXPECT_THAT(artifacts_of(*parse_command("dbt docs generate")), Contains("catalog.json"));
    auto freshness = artifacts_of(*parse_command("dbt source freshness"));
    EXPECT_THAT(freshness, Contains("sources.json"));
    EXPECT_THAT(freshness, Not(Contains("run_results.json")));
    EXPECT_THAT(artifacts_of(*parse_command("dbt deps")), IsEmpty());
    EXPECT_THAT(artifacts_of(*parse_command("dbt --version")), IsEmpty());
}

TEST(Command, AddsAnOptionOnce) {
    auto command = *parse_command("dbt --quiet docs generate x");
    add_option(command, "--target", "prod");
    EXPECT_THAT(command.argv, ElementsAre("--quiet", "docs", "generate", "--target", "prod", "x"));
    add_option(command, "--target", "dev");
    EXPECT_THAT(command.argv, Not(Contains("dev")));

    auto given = *parse_command("dbt run --target=x");
    add_option(given, "--target", "prod");
    EXPECT_THAT(given.argv, ElementsAre("run", "--target=x"));
    // A longer option is another one.
    auto path = *parse_command("dbt run --target-path x");
    EXPECT_FALSE(has_option(path, "--target", "-t"));
    EXPECT_TRUE(has_option(*parse_command("dbt run -t x"), "--target", "-t"));
    EXPECT_FALSE(has_option(*parse_command("dbt run -- --target"), "--target"));
}

std::string with_state(std::string_view text, std::map<std::string, std::string> environment = {}) {
    auto command = *parse_command(text);
    add_state(command, environment, "/s");
    return to_text(command.argv);
}

TEST(Command, TakesTheStateThatItsSubcommandCanUse) {
    for (std::string_view name :
         {"build", "compile", "docs generate", "run", "show", "snapshot", "test"})
        EXPECT_EQ(with_state(fmt::format("dbt {} -s x", name)),
                  fmt::format("{} --defer --state /s -s x", name));
    for (std::string_view name : {"clone", "list", "seed", "source freshness"})
        EXPECT_EQ(with_state(fmt::format("dbt {} -s x", name)),
                  fmt::format("{} --state /s -s x", name));
    for (std::string_view name :
         {"clean", "debug", "deps", "parse", "retry", "run-operation x", "--version"})
        EXPECT_EQ(with_state(fmt::format("dbt {}", name)), name);
    EXPECT_EQ(with_state("dbt -q ls"), "-q ls --state /s");
}

TEST(Command, LeavesTheStateToAUserWhoNamesOne) {
    for (auto text : {"build --state mine", "build --state=mine --defer", "clone --state mine"})
        EXPECT_EQ(with_state(fmt::format("dbt {}", text)), text);
    EXPECT_EQ(with_state("dbt build", {{"DBT_STATE", "mine"}}), "build");
    EXPECT_EQ(with_state("dbt build", {{"DBT_ARTIFACT_STATE_PATH", "mine"}}), "build");
    // The state is still what selectors compare with.
    EXPECT_EQ(with_state("dbt build --no-defer"), "build --state /s --no-defer");
    EXPECT_EQ(with_state("dbt build --defer"), "build --state /s --defer");
    EXPECT_EQ(with_state("dbt build", {{"DBT_DEFER", "false"}}), "build --state /s");
    EXPECT_EQ(with_state("dbt build --defer-state mine"),
              "build --defer --state /s --defer-state mine");
}

TEST(ToText, RoundTrips) {
    std::vector<std::string> all = {"dbt", "run", "--vars", "{a: 'b'}", "", "x|y", "+m+"};
    EXPECT_EQ(words(to_text(all)), all);
    EXPECT_EQ(to_text({"dbt", "run", "--select", "+a"}), "dbt run --select +a");
}

}  // namespace
}  // namespace mw::dbt
