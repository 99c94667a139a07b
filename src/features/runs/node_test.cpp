#include "features/runs/node.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace mw::runs {
namespace {

result<std::vector<Node>> read(std::string_view body) {
    return read_nodes(boost::json::parse(body));
}

TEST(Nodes, ReadAndShownAlike) {
    constexpr std::string_view kNode =
        R"({"step":4,"unique_id":"model.shop.orders","name":"orders","resource_type":"model",
            "status":"success","index":1,"total":25,"execution_time":0.125,
            "started_at":"2026-01-01T00:00:00.000000Z","finished_at":"2026-01-01T00:00:01.000000Z",
            "message":"OK"})";
    auto nodes = read(R"({"nodes":[)" + std::string(kNode) + "]}");
    ASSERT_TRUE(nodes) << nodes.error().message;
    ASSERT_EQ(nodes->size(), 1u);
    EXPECT_EQ(node_json(nodes->front()), boost::json::parse(kNode));
}

TEST(Nodes, WhatIsUnknownIsNull) {
    auto nodes = read(R"({"nodes":[{"step":4,"unique_id":"a","status":"started"}]})");
    ASSERT_TRUE(nodes);
    auto json = node_json(nodes->front());
    for (auto field : {"index", "total", "execution_time", "started_at", "finished_at", "message"})
        EXPECT_TRUE(json[field].is_null()) << field;
}

TEST(Nodes, ReportsOfOneNodeAreFolded) {
    auto nodes = read(R"({"nodes":[
        {"step":4,"unique_id":"a","status":"started","index":1,"total":2,
         "started_at":"2026-01-01T00:00:00Z"},
        {"step":4,"unique_id":"a","status":"success","execution_time":1},
        {"step":4,"unique_id":"a","status":"started"},
        {"step":5,"unique_id":"a","status":"started"}]})");
    ASSERT_TRUE(nodes) << nodes.error().message;
    ASSERT_EQ(nodes->size(), 2u);
    EXPECT_EQ(nodes->at(0).status, "success");
    EXPECT_EQ(nodes->at(0).node_index, 1);
    EXPECT_TRUE(nodes->at(0).started_at);
    EXPECT_EQ(nodes->at(0).execution_time, 1.0);
    EXPECT_EQ(nodes->at(1).step_index, 5);
}

TEST(Nodes, NoneAreNoError) {
    EXPECT_TRUE(read("{}")->empty());
    EXPECT_TRUE(read(R"({"nodes":null})")->empty());
}

TEST(Nodes, RefusalsNameTheField) {
    auto field = [](std::string_view body) {
        auto nodes = read(body);
        return nodes ? "" : nodes.error().fields.front().field;
    };
    EXPECT_EQ(field(R"({"nodes":{}})"), "nodes");
    EXPECT_EQ(field(R"({"nodes":[1]})"), "nodes[0]");
    EXPECT_EQ(field(R"({"nodes":[{"unique_id":"a","status":"started"}]})"), "nodes[0].step");
    EXPECT_EQ(field(R"({"nodes":[{"step":1,"unique_id":"a","status":"x","started_at":"soon"}]})"),
              "nodes[0].started_at");
    EXPECT_EQ(field(R"({"nodes":[{"step":1,"unique_id":"a","status":"x","execution_time":"1"}]})"),
              "nodes[0].execution_time");
}

}  // namespace
}  // namespace mw::runs
