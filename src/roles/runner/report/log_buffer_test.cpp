#include "roles/runner/report/log_buffer.hpp"

#include <gtest/gtest.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace mw::runner {
namespace {

namespace json = boost::json;

LogLine line(std::string text) {
    return {"2026-01-01T00:00:00Z", LineLevel::info, std::move(text)};
}

std::string seqs(const json::object& request) {
    std::string text;
    for (const auto& batch : request.at("batches").as_array())
        text += std::to_string(batch.at("step").as_int64()) + "/" +
                std::to_string(batch.at("seq").as_int64()) + ":" +
                std::to_string(batch.at("lines").as_array().size()) + " ";
    return text;
}

TEST(LogBuffer, PutsTheLinesOfAStepIntoOneBatch) {
    LogBuffer buffer;
    buffer.add_line(1, line("a"));
    buffer.add_line(1, {"t", LineLevel::debug, "b"});
    auto request = buffer.take(1000);
    EXPECT_EQ(json::serialize(request),
              R"({"batches":[{"step":1,"seq":1,"lines":[)"
              R"({"ts":"2026-01-01T00:00:00Z","level":"info","text":"a"},)"
              R"({"ts":"t","level":"debug","text":"b"}]}],"nodes":[]})");
    EXPECT_TRUE(buffer.empty());
    EXPECT_EQ(buffer.bytes(), 0u);
}

TEST(LogBuffer, SendsWhatIsShownInALineSPlaceBesideIt) {
    LogBuffer buffer;
    buffer.add_line(1, {.ts = "t", .text = "(1 row)", .live = "| a |"});
    EXPECT_GT(buffer.bytes(), std::string("(1 row)| a |").size());
    EXPECT_EQ(json::serialize(buffer.take(1000).at("batches")),
              R"js([{"step":1,"seq":1,"lines":[{"ts":"t","level":"info","text":"(1 row)",)js"
              R"js("live":"| a |"}]}])js");
}

TEST(LogBuffer, NumbersBatchesWithinTheirStep) {
    LogBuffer buffer;
    buffer.add_line(1, line("a"));
    buffer.add_line(2, line("b"));
    EXPECT_EQ(seqs(buffer.take(1000)), "1/1:1 2/1:1 ");
    buffer.add_line(2, line("c"));
    EXPECT_EQ(seqs(buffer.take(1000)), "2/2:1 ");
}

TEST(LogBuffer, CutsAtTheSizeAskedForButAlwaysGivesOneLine) {
    LogBuffer buffer;
    buffer.add_line(1, line(std::string(5000, 'x')));
    buffer.add_line(1, line(std::string(5000, 'y')));
    EXPECT_EQ(seqs(buffer.take(100)), "1/1:1 ");
    EXPECT_EQ(seqs(buffer.take(100)), "1/2:1 ");
    EXPECT_TRUE(buffer.empty());
}

TEST(LogBuffer, SendsNodesWithTheirStep) {
    LogBuffer buffer;
    buffer.add_node(4, {{"unique_id", "model.shop.orders"}});
    auto request = buffer.take(1);
    EXPECT_EQ(json::serialize(request.at("nodes")),
              R"([{"unique_id":"model.shop.orders","step":4}])");
    EXPECT_TRUE(buffer.empty());
    EXPECT_EQ(buffer.bytes(), 0u);
}

TEST(LogBuffer, CountsTheMessageOfANode) {
    LogBuffer buffer;
    buffer.add_node(4, {{"message", std::string(10000, 'm')}});
    EXPECT_GT(buffer.bytes(), 10000u);
    buffer.take(1);
    EXPECT_EQ(buffer.bytes(), 0u);
}

}  // namespace
}  // namespace mw::runner
