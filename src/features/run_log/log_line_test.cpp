#include "features/run_log/log_line.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace mw::run_log {
namespace {

result<std::vector<LogBatch>> read(std::string_view body) {
    return read_batches(boost::json::parse(body));
}

TEST(LogLine, IsRenderedWithItsTime) {
    EXPECT_EQ(rendered({1, "2026-01-01T10:42:16.123456Z", Level::info, "1 of 5 OK"}),
              "10:42:16  1 of 5 OK\n");
    EXPECT_EQ(rendered({1, "", Level::info, "x"}), "          x\n");
}

TEST(LogLine, IsStoredWithoutItsNumber) {
    LogLine line{7, "2026-01-01T10:42:16.123456Z", Level::error, "no “such” table\n"};
    auto read_back = line_from_stored(stored_line(line), 7);
    EXPECT_EQ(read_back.n, 7);
    EXPECT_EQ(read_back.ts, line.ts);
    EXPECT_EQ(read_back.level, line.level);
    EXPECT_EQ(read_back.text, line.text);
    EXPECT_FALSE(stored_line(line).contains("n"));
    EXPECT_EQ(line_json(line)["n"], 7);
}

TEST(LogLine, UnknownLevelsAreShown) {
    EXPECT_EQ(parse_level("debug"), Level::debug);
    EXPECT_EQ(parse_level("warning"), Level::warn);
    EXPECT_EQ(parse_level("critical"), Level::info);
    EXPECT_LT(Level::debug, Level::info);
    EXPECT_LT(Level::info, Level::error);
}

TEST(LogBatch, IsReadWithNormalTimes) {
    auto batches = read(R"({"batches":[{"step":4,"seq":2,"lines":[
        {"ts":"2026-01-01T00:00:00Z","level":"warn","text":"a"},
        {"ts":"2026-01-01T00:00:00.123456789Z","level":"info","text":"b\u0000c"}]}]})");
    ASSERT_TRUE(batches) << batches.error().message;
    ASSERT_EQ(batches->size(), 1u);
    EXPECT_EQ(batches->front().step, 4);
    EXPECT_EQ(batches->front().seq, 2);
    EXPECT_EQ(batches->front().lines[0].ts, "2026-01-01T00:00:00.000000Z");
    EXPECT_EQ(batches->front().lines[1].ts, "2026-01-01T00:00:00.123456Z");
    EXPECT_EQ(batches->front().lines[1].text,
              "b\xEF\xBF\xBD"
              "c");
}

TEST(LogBatch, NoneIsNoError) {
    EXPECT_TRUE(read("{}")->empty());
}

TEST(LogBatch, RefusalsNameTheField) {
    auto field = [](std::string_view body) {
        auto batches = read(body);
        return batches ? "" : batches.error().fields.front().field;
    };
    EXPECT_EQ(field(R"({"batches":1})"), "batches");
    EXPECT_EQ(field(R"({"batches":[{"seq":1,"lines":[]}]})"), "batches[0].step");
    EXPECT_EQ(field(R"({"batches":[{"step":1,"lines":[]}]})"), "batches[0].seq");
    EXPECT_EQ(field(R"({"batches":[{"step":0,"seq":1,"lines":[]}]})"), "batches[0].step");
    EXPECT_EQ(field(R"({"batches":[{"step":1,"seq":1}]})"), "batches[0].lines");
    EXPECT_EQ(field(R"({"batches":[{"step":1,"seq":1,"lines":["x"]}]})"), "batches[0].lines[0]");
    EXPECT_EQ(field(R"({"batches":[{"step":1,"seq":1,"lines":[{"text":"x"}]}]})"),
              "batches[0].lines[0].ts");
}

}  // namespace
}  // namespace mw::run_log
