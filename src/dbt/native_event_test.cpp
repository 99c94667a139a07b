#include "dbt/native_event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::dbt {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Lines as dbt Core 2.0.0-alpha.4 wrote them, shortened.
constexpr std::string_view kStarted =
    R"j({"data":{"node_info":{"materialized":"view","node_finished_at":"","node_name":"b",)j"
    R"j("node_relation":{"relation_name":"wh.analytics.b"},)j"
    R"j("node_started_at":"2026-11-25T15:52:48.869728Z","node_status":"started",)j"
    R"j("resource_type":"model","unique_id":"model.shop.b"}},"info":{"level":"info",)j"
    R"j("msg":"Started model analytics.b","name":"LogStartLine","thread":"tokio-rt-worker",)j"
    R"j("ts":"2026-11-25T15:52:48.869742Z"}})j";
constexpr std::string_view kProblem =
    R"j({"data":{"node_info":{"unique_id":"model.shop.b"}},"info":{"level":"error",)j"
    R"j("msg":"[error] [DbDriverFailed (dbt1308)]: Database Error in model b (x.sql)\n  Binder Error",)j"
    R"j("name":"Generic","thread":"t","ts":"2026-11-25T15:52:50.298201Z"}})j";
constexpr std::string_view kResult =
    R"j({"data":{"execution_time":1.42,"node_info":{"materialized":"view",)j"
    R"j("node_finished_at":"2026-11-25T15:52:50.298366Z","node_name":"b",)j"
    R"j("node_relation":{"relation_name":"wh.analytics.b"},"node_status":"error",)j"
    R"j("resource_type":"model","unique_id":"model.shop.b"},"status":"error"},)j"
    R"j("info":{"level":"info","msg":"    Failed [  1.43s] model analytics.b (view)",)j"
    R"j("name":"LogModelResult","thread":"t","ts":"2026-11-25T15:52:50.298381Z"}})j";
constexpr std::string_view kTest =
    R"j({"data":{"execution_time":0.02,"node_info":{"materialized":"test","node_name":"not_null",)j"
    R"j("node_status":"fail","resource_type":"test","unique_id":"test.shop.n"},"num_failures":2,)j"
    R"j("status":"fail"},"info":{"level":"info","msg":"    Failed [  0.02s] test not_null",)j"
    R"j("name":"LogTestResult","thread":"t","ts":"2026-11-25T15:52:50.298381Z"}})j";
constexpr std::string_view kPrinted =
    R"j({"data":{"msg":"printed"},"info":{"level":"info","msg":"printed","name":"PrintEvent",)j"
    R"j("thread":"t","ts":"2026-11-25T15:52:26.438022Z"}})j";

Event event_of(NativeEvents& events, std::string_view line) {
    auto message = events.read(line);
    return message ? std::get<Event>(*message) : Event{};
}

TEST(NativeEvents, TellsOfANode) {
    NativeEvents events("4");
    auto event = event_of(events, kStarted);
    EXPECT_EQ(event.id, "4");
    EXPECT_EQ(event.name, "LogStartLine");
    EXPECT_TRUE(event.console);
    ASSERT_TRUE(event.node);
    EXPECT_EQ(event.node->unique_id, "model.shop.b");
    EXPECT_EQ(event.node->relation, "wh.analytics.b");
    EXPECT_EQ(event.node->status, "started");
    EXPECT_EQ(format_rfc3339(event.at), "2026-11-25T15:52:48.869742Z");
}

TEST(NativeEvents, GivesAFailedNodeTheReasonThatWasToldBefore) {
    NativeEvents events("1");
    auto problem = event_of(events, kProblem);
    EXPECT_EQ(problem.level, Level::error);
    EXPECT_FALSE(problem.node) << "it is no state of the node";
    auto result = event_of(events, kResult);
    ASSERT_TRUE(result.node);
    EXPECT_EQ(result.node->message, "Database Error in model b (x.sql)\n  Binder Error");
    EXPECT_EQ(result.level, Level::error) << "a reader looks for the first error";
    EXPECT_EQ(result.execution_time_s, 1.42);
}

TEST(NativeEvents, CountsWhatATestFound) {
    NativeEvents events("1");
    auto result = event_of(events, kTest);
    ASSERT_TRUE(result.node);
    EXPECT_EQ(result.node->message, "Got 2 results, configured to fail if != 0");
}

TEST(NativeEvents, TakesWhatTheCommandPrintsForItsOutput) {
    NativeEvents events("9");
    for (std::string_view line : {kPrinted, std::string_view("printed")}) {
        auto message = events.read(line);
        ASSERT_TRUE(message);
        EXPECT_EQ(std::get<Output>(*message).text, "printed");
        EXPECT_EQ(std::get<Output>(*message).id, "9");
    }
    EXPECT_FALSE(events.read(""));
    for (auto strange : {"{}", "[1]", R"({"info":1,"data":{}})", R"({"info":{}})"})
        EXPECT_EQ(std::get<Output>(*events.read(strange)).text, strange);
}

TEST(NativeEvents, TellsRowsThatSqlReturned) {
    NativeEvents events("9");
    auto rows_of = [&](std::string_view preview, std::string_view shown) {
        boost::json::object data{{"preview", preview}, {"output_format", "text"}};
        boost::json::object line{{"info", {{"name", "ShowNode"}, {"msg", shown}}}, {"data", data}};
        return std::get<Rows>(*events.read(boost::json::serialize(line)));
    };
    auto table = rows_of("Query q\n| a |\n2 rows.", "Query q\n| a |\n2 rows.");
    EXPECT_EQ(table.id, "9");
    EXPECT_EQ(table.text, "Query q\n| a |\n2 rows.");
    EXPECT_EQ(table.count, 2);
    EXPECT_EQ(rows_of(R"([{"a":1},{"a":2},{"a":3}])", "x").count, 3);
    for (auto strange : {"", "2 rows", "many rows.", "[1"})
        EXPECT_EQ(rows_of(strange, "x").count, std::nullopt) << strange;
}

TEST(NativeEvents, LeavesOutTheOptionsThatTellElsewhere) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(without_log_options({"--log-format", "text", "show", "--otel-file-name=x", "-s", "a",
                                   "--log-level-file", "debug", "--log-level", "info"}),
              (Words{"show", "-s", "a", "--log-level", "info"}));
    EXPECT_EQ(without_log_options({"show", "--log-format"}), (Words{"show"}));
    EXPECT_EQ(without_log_options({"show", "--", "--log-format", "text"}),
              (Words{"show", "--", "--log-format", "text"}));
}

TEST(NativeEvents, BearsFieldsThatAreNotThere) {
    NativeEvents events("1");
    auto event = event_of(events, R"({"info":{"msg":"words"},"data":{"node_info":{"x":1}}})");
    EXPECT_EQ(event.message, "words");
    EXPECT_EQ(event.level, Level::info);
    EXPECT_FALSE(event.node);
}

}  // namespace
}  // namespace mw::dbt
