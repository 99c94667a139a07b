#include "dbt/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::dbt {
namespace {

using testing::HasSubstr;

template <class T>
T parse_as(std::string_view line) {
    auto message = parse_host_message(line);
    if (!message) throw std::runtime_error(message.error().message + message.error().detail);
    return std::get<T>(*message);
}

constexpr std::string_view kResult = R"json({"type":"event","id":"3","name":"LogModelResult",
  "level":"info","ts":"2026-01-01T10:42:16.000456Z","thread":"Thread-1 (worker)",
  "msg":"1 of 5 OK \u001b[32mOK\u001b[0m","console":true,
  "node":{"unique_id":"model.shop.orders","resource_type":"model","name":"orders",
          "relation":"\"w\".\"main\".\"orders\"","materialized":"table","status":"success",
          "started_at":"2026-01-01T10:42:15.1Z","finished_at":null,"message":null},
  "index":1,"total":5,"execution_time":0.125})json";

TEST(HostMessage, Ready) {
    auto ready = parse_as<HostReady>(
        R"({"type":"ready","dbt_version":"1.11.16","adapters":{"duckdb":"1.11.1"},"pid":7})");
    EXPECT_EQ(ready.dbt_version, "1.11.16");
    EXPECT_EQ(ready.adapters.at("duckdb"), "1.11.1");
    EXPECT_EQ(ready.pid, 7);
}

TEST(HostMessage, Event) {
    auto event = parse_as<Event>(kResult);
    EXPECT_EQ(event.id, "3");
    EXPECT_EQ(event.name, "LogModelResult");
    EXPECT_EQ(event.level, Level::info);
    EXPECT_TRUE(event.console);
    EXPECT_EQ(event.index, 1);
    EXPECT_EQ(event.total, 5);
    EXPECT_EQ(event.execution_time_s, 0.125);
    ASSERT_TRUE(event.node);
    EXPECT_EQ(event.node->unique_id, "model.shop.orders");
    EXPECT_EQ(event.node->relation, R"("w"."main"."orders")");
    EXPECT_EQ(event.node->status, "success");
    EXPECT_EQ(event.node->finished_at, "");
}

TEST(HostMessage, EventWithoutExtras) {
    auto event = parse_as<Event>(
        R"({"type":"event","id":"3","name":"Note","level":"debug","ts":"2026-01-01T00:00:00Z",
            "thread":"MainThread","msg":"","console":false,"node":null,"index":null,"total":null,
            "execution_time":null})");
    EXPECT_FALSE(event.console);
    EXPECT_FALSE(event.node || event.index || event.total || event.execution_time_s);
}

TEST(HostMessage, RowsAndWhatIsKeptForThem) {
    auto rows = parse_as<Rows>(
        R"({"type":"rows","id":"3","about":"Previewing node 'x':","text":"| a |\n| 1 |","count":1})");
    EXPECT_EQ(rows.id, "3");
    EXPECT_EQ(rows.about, "Previewing node 'x':");
    EXPECT_EQ(rows.text, "| a |\n| 1 |");
    EXPECT_EQ(kept_for_rows(rows.count), "(1 row shown live; rows are not kept)");
    EXPECT_EQ(kept_for_rows(5), "(5 rows shown live; rows are not kept)");
    auto uncounted =
        parse_as<Rows>(R"({"type":"rows","id":"3","about":"","text":"x","count":null})");
    EXPECT_EQ(kept_for_rows(uncounted.count), "(rows shown live; rows are not kept)");
}

TEST(HostMessage, TheRest) {
    auto started = parse_as<InvocationStarted>(R"({"type":"started","id":"3","pid":77})");
    EXPECT_EQ(started.pid, 77);
    EXPECT_EQ(parse_as<Output>(R"({"type":"output","id":"3","text":"shop.a"})").text, "shop.a");

    auto failed = parse_as<InvocationFinished>(
        R"({"type":"finished","id":"3","exit_code":2,"error":"why","signal":9})");
    EXPECT_EQ(failed.exit_code, 2);
    EXPECT_EQ(failed.error, "why");
    EXPECT_EQ(failed.signal, 9);
    auto good = parse_as<InvocationFinished>(
        R"({"type":"finished","id":"3","exit_code":0,"error":null,"signal":null})");
    EXPECT_FALSE(good.error || good.signal);

    auto refused = parse_as<CommandRefused>(R"({"type":"error","id":null,"error":"no"})");
    EXPECT_EQ(refused.id, "");
    EXPECT_EQ(refused.error, "no");
}

TEST(HostMessage, RefusesWhatIsNone) {
    for (std::string_view line : {"", "not json", "[]", "5", R"({"id":"3"})", R"({"type":5})"}) {
        auto message = parse_host_message(line);
        ASSERT_FALSE(message) << line;
        EXPECT_EQ(message.error().code, Errc::upstream_failed);
        EXPECT_THAT(message.error().message, HasSubstr("no message"));
    }
    EXPECT_THAT(parse_host_message(R"({"type":"surprise"})").error().message,
                HasSubstr("unknown type"));
}

TEST(HostMessage, NamesTheMissingField) {
    struct Case {
        std::string_view line;
        std::string_view detail;
    };
    for (auto [line, detail] : std::to_array<Case>({
             {R"({"type":"started","id":"3"})", "started: pid"},
             {R"({"type":"started","id":"3","pid":"x"})", "started: pid"},
             {R"({"type":"started","id":"3","pid":1e300})", "started: pid"},
             {R"({"type":"output","id":"3","text":null})", "output: text"},
             {R"({"type":"finished","id":"3","exit_code":0,"error":5})", "finished: error"},
             {R"({"type":"event","id":"3","name":"N","level":"loud","ts":"2026-01-01T00:00:00Z",
                  "msg":""})",
              "event: level"},
             {R"({"type":"event","id":"3","name":"N","level":"info","ts":"today","msg":""})",
              "event: ts"},
             {R"({"type":"event","id":"3","name":"N","level":"info","ts":"2026-01-01T00:00:00Z",
                  "msg":"","node":{}})",
              "event: node.unique_id"},
             {R"({"type":"event","id":"3","name":"N","level":"info","ts":"2026-01-01T00:00:00Z",
                  "msg":"","node":5})",
              "event: node"},
             {R"({"type":"event","id":"3","name":"N","level":"info","ts":"2026-01-01T00:00:00Z",
                  "msg":"","execution_time":"fast"})",
              "event: execution_time"},
         })) {
        auto message = parse_host_message(line);
        ASSERT_FALSE(message) << line;
        EXPECT_EQ(message.error().detail, detail);
    }
}

TEST(Lines, AreDbtsOwn) {
    auto event = parse_as<Event>(kResult);
    EXPECT_EQ(console_line(event), "10:42:16  1 of 5 OK \x1b[32mOK\x1b[0m");
    EXPECT_EQ(debug_line(event),
              "10:42:16.000456 [info ] [Thread-1 (]: 1 of 5 OK \x1b[32mOK\x1b[0m");
    event.thread = "Main";
    event.level = Level::debug;
    event.message = "a\nb";
    EXPECT_EQ(debug_line(event), "10:42:16.000456 [debug] [Main      ]: a\nb");
    EXPECT_EQ(level_name(Level::warn), "warn");
}

TEST(CancelCommand, IsOneLineOfJson) {
    EXPECT_EQ(cancel_command("3"), "{\"type\":\"cancel\",\"id\":\"3\"}\n");
}

}  // namespace
}  // namespace mw::dbt
