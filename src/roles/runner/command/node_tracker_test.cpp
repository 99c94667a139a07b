#include "roles/runner/command/node_tracker.hpp"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

namespace mw::runner {
namespace {

dbt::Event event(std::string name, std::string unique_id, std::string status,
                 std::optional<std::int64_t> index = {}, std::string message = {}) {
    dbt::Event result;
    result.name = std::move(name);
    result.index = index;
    if (index) result.total = 9;
    dbt::NodeInfo node;
    node.name = unique_id.substr(unique_id.rfind('.') + 1);
    node.resource_type = unique_id.substr(0, unique_id.find('.'));
    node.unique_id = std::move(unique_id);
    node.status = std::move(status);
    node.message = std::move(message);
    result.node = std::move(node);
    return result;
}

std::string field(const std::optional<boost::json::object>& state, std::string_view name) {
    return state ? boost::json::serialize(state->at(name)) : "no state";
}

TEST(NodeTracker, ShowsANodeWhenItStartsAndWhenItHasFinished) {
    NodeTracker tracker;
    EXPECT_FALSE(tracker.take(event("NodeStart", "model.shop.a", "started")));
    auto started = tracker.take(event("LogStartLine", "model.shop.a", "started", 3));
    EXPECT_EQ(field(started, "status"), "\"started\"");
    EXPECT_EQ(field(started, "index"), "3");
    EXPECT_EQ(field(started, "total"), "9");
    EXPECT_FALSE(tracker.take(event("LogModelResult", "model.shop.a", "success", 3)));
    auto done = tracker.take(event("NodeFinished", "model.shop.a", "success", {}, "OK"));
    EXPECT_EQ(field(done, "status"), "\"success\"");
    EXPECT_EQ(field(done, "index"), "3");
    EXPECT_EQ(field(done, "message"), "\"OK\"");
    EXPECT_TRUE(tracker.close_open("x").empty());
    EXPECT_EQ(tracker.headline({}), "");
}

TEST(NodeTracker, TellsWhereANodeWritesToOnlyWhenItIsAskedTo) {
    auto started = event("LogStartLine", "model.shop.a", "started", 3);
    started.node->relation = "db.s.a";
    NodeTracker silent, telling(NodeTracker::Relations::told);
    EXPECT_FALSE(silent.take(started)->contains("relation"));
    EXPECT_EQ(field(telling.take(started), "relation"), "\"db.s.a\"");
    EXPECT_FALSE(
        telling.take(event("NodeFinished", "model.shop.a", "success"))->contains("relation"));
}

TEST(NodeTracker, ShowsASkippedNode) {
    NodeTracker tracker;
    EXPECT_FALSE(tracker.take(event("SkippingDetails", "model.shop.b", "skipped", 4)));
    auto done = tracker.take(event("NodeFinished", "model.shop.b", "skipped"));
    EXPECT_EQ(field(done, "status"), "\"skipped\"");
    EXPECT_EQ(field(done, "index"), "4");
}

TEST(NodeTracker, IgnoresWhatIsOnlyCompiledUnlessItFails) {
    NodeTracker tracker;
    EXPECT_FALSE(tracker.take(event("NodeFinished", "model.shop.a", "success")));
    auto failed = tracker.take(event("NodeFinished", "model.shop.b", "error", {}, "no such macro"));
    EXPECT_EQ(field(failed, "status"), "\"error\"");
    EXPECT_EQ(field(failed, "index"), "null");
    EXPECT_EQ(tracker.headline({}), "model b: no such macro");
}

TEST(NodeTracker, SpeaksTheApisWords) {
    NodeTracker tracker;
    EXPECT_EQ(
        field(tracker.take(event("NodeFinished", "source.shop.a", "runtime error")), "status"),
        "\"error\"");
    tracker.take(event("LogStartLine", "model.shop.c", "started", 1));
    EXPECT_EQ(field(tracker.take(event("NodeFinished", "model.shop.c", "no-op")), "status"),
              "\"skipped\"");
}

TEST(NodeTracker, ClosesWhatWasCutOff) {
    NodeTracker tracker;
    tracker.take(event("LogStartLine", "model.shop.a", "started", 1));
    auto closed = tracker.close_open("The run was cancelled.");
    ASSERT_EQ(closed.size(), 1u);
    EXPECT_EQ(closed[0].at("status"), "skipped");
    EXPECT_EQ(closed[0].at("message"), "The run was cancelled.");
    EXPECT_TRUE(tracker.close_open("again").empty());
}

TEST(NodeTracker, HeadlineNamesTheFirstFailure) {
    NodeTracker tracker;
    tracker.take(event("LogStartLine", "test.shop.t", "started", 1));
    tracker.take(event("NodeFinished", "test.shop.t", "fail", {},
                       "Got 3 results, configured to fail if != 0"));
    EXPECT_EQ(tracker.headline({}), "test t: Got 3 results, configured to fail if != 0");
    tracker.take(
        event("NodeFinished", "model.shop.b", "error", {}, "Runtime Error in model b\n  x"));
    EXPECT_EQ(tracker.headline({}),
              "2 of 9 nodes failed, first test t: Got 3 results, configured to fail if != 0");
}

TEST(NodeTracker, HeadlineWithoutNodesIsDbtsError) {
    NodeTracker tracker;
    EXPECT_EQ(tracker.headline("Compilation Error\n  Model 'a' depends on 'b'\nmore"),
              "Compilation Error: Model 'a' depends on 'b'");
    dbt::Event error;
    error.name = "MainEncounteredError";
    error.message = "\x1b[31mEncountered an error:\nNo such option '--x'.\x1b[0m";
    tracker.take(error);
    EXPECT_EQ(tracker.headline({}), "Encountered an error: No such option '--x'.");
}

TEST(NodeTracker, HeadlineNamesANodeOnce) {
    NodeTracker tracker;
    tracker.take(
        event("NodeFinished", "model.shop.b", "error", {},
              "Runtime Error in model b (models/b.sql)\n  Binder Error: no column x\n  LINE 1"));
    EXPECT_EQ(tracker.headline({}),
              "Runtime Error in model b (models/b.sql): Binder Error: no column x");
}

TEST(FirstWords, OfAUsageErrorAreTheError) {
    EXPECT_EQ(first_words("Usage: dbt build [OPTIONS]\nTry 'dbt build -h' for help.\n\n"
                          "Error: No such option '--x'."),
              "Error: No such option '--x'.");
}

TEST(FirstWords, AreShort) {
    EXPECT_EQ(first_words(""), "");
    EXPECT_EQ(first_words("\n \n one \n two"), "one");
    EXPECT_EQ(first_words("Runtime Error\n"), "Runtime Error");
    EXPECT_EQ(first_words(std::string(400, 'x')).size(), 300 + std::string("…").size());
    EXPECT_EQ(first_words(std::string(299, 'x') + "ü").size(), 299 + std::string("…").size());
}

}  // namespace
}  // namespace mw::runner
