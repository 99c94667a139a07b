#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/artifacts/artifact_api.hpp"
#include "features/artifacts/artifact_store.hpp"
#include "features/runs/pgtest_api.hpp"
#include "infra/zstd/pack.hpp"

namespace mw::artifacts {
namespace {

class ArtifactTest : public testing::Test {
  protected:
    ArtifactTest() {
        world_.act_as(account_);
        add_artifact_endpoints(world_.api(), world_.pool(), world_.objects());
    }

    std::string path(std::string rest) {
        return fmt::format("/api/v2/accounts/{}/{}", account_, rest);
    }
    void save(Id run_id, int step, std::string name, std::string content) {
        auto key = object_key_of(account_, run_id, step, name).value();
        world_.get([&] { return world_.objects().put(key, content, {}); });
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                Artifact artifact{run_id, step, name, static_cast<std::int64_t>(content.size()),
                                  key};
                co_return co_await record_artifacts(tx, {artifact});
            });
        });
    }
    test::Answer fetch(std::string rest) { return world_.get(path(std::move(rest))); }
    boost::json::value listed(std::string query = "") {
        auto answer = fetch(fmt::format("runs/{}/artifacts/{}", run_, query));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.data();
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id run_ = world_.queued_run(job_);
};

TEST_F(ArtifactTest, ListsWhatTheRunOrAStepLeft) {
    EXPECT_EQ(listed(), boost::json::array{});
    save(run_, 4, "run_results.json", "{}");
    save(run_, 4, "manifest.json", "{}");
    save(run_, 5, "run_results.json", "{}");
    save(run_, 5, "compiled/shop/orders.sql", "select 1");
    EXPECT_EQ(listed(), (boost::json::array{"compiled/shop/orders.sql", "manifest.json",
                                            "run_results.json"}));
    EXPECT_EQ(listed("?step=4"), (boost::json::array{"manifest.json", "run_results.json"}));
    EXPECT_EQ(listed("?step=9"), boost::json::array{});
}

TEST_F(ArtifactTest, FetchesAFileOutOfAPack) {
    auto file = world_.write_file("pack", "");
    auto writer = pack::Writer::create(file).value();
    ASSERT_TRUE(writer.add("compiled/a.sql", "select 1"));
    ASSERT_TRUE(writer.add("compiled/b.sql", "select 2, 3"));
    ASSERT_TRUE(writer.finish());
    auto key = pack_key_of(account_, run_, 4);
    world_.get([&] { return world_.objects().put_file(key, file, {}); });
    std::vector<Artifact> packed;
    for (const auto& entry : pack::read_index(file).value())
        packed.push_back({run_, 4, entry.path, static_cast<std::int64_t>(entry.bytes), key,
                          static_cast<std::int64_t>(entry.offset),
                          static_cast<std::int64_t>(entry.stored_bytes)});
    world_.get([&] {
        return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
            co_return co_await record_artifacts(tx, packed);
        });
    });
    auto one = fetch(fmt::format("runs/{}/artifacts/compiled/a.sql", run_));
    auto other = fetch(fmt::format("runs/{}/artifacts/compiled/b.sql", run_));
    EXPECT_EQ(one.body, "select 1");
    EXPECT_EQ(other.body, "select 2, 3");
    EXPECT_NE(one.headers["etag"], other.headers["etag"]);
    auto part = world_.call("GET", path(fmt::format("runs/{}/artifacts/compiled/b.sql", run_)), "",
                            {{"range", "bytes=7-9"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, "2, ");
    // A later step's own file takes its place, whole as it is.
    save(run_, 4, "compiled/a.sql", "select 4");
    EXPECT_EQ(fetch(fmt::format("runs/{}/artifacts/compiled/a.sql", run_)).body, "select 4");
}

TEST_F(ArtifactTest, FetchesTheLatestOrAStepsOwn) {
    save(run_, 4, "run_results.json", R"({"step":4})");
    save(run_, 4, "manifest.json", "{}");
    save(run_, 5, "run_results.json", R"({"step":5})");
    auto base = fmt::format("runs/{}/artifacts/", run_);
    auto latest = fetch(base + "run_results.json");
    EXPECT_EQ(latest.status, 200);
    EXPECT_EQ(latest.body, R"({"step":5})");
    EXPECT_EQ(latest.headers["content-type"], "application/json");
    EXPECT_EQ(latest.headers["content-security-policy"], "sandbox");
    EXPECT_EQ(fetch(base + "run_results.json?step=4").body, R"({"step":4})");
    EXPECT_EQ(fetch(base + "manifest.json").body, "{}");
    EXPECT_EQ(fetch(base + "manifest.json?step=5").status, 404);
}

TEST_F(ArtifactTest, APathMayHaveFolders) {
    save(run_, 4, "compiled/shop/models/orders.sql", "select 1");
    auto found = fetch(fmt::format("runs/{}/artifacts/compiled/shop/models/orders.sql", run_));
    EXPECT_EQ(found.body, "select 1");
    EXPECT_EQ(found.headers["content-type"], "text/plain; charset=utf-8");
}

TEST_F(ArtifactTest, UnchangedContentIsNotSentAgain) {
    save(run_, 4, "manifest.json", "one");
    auto target = path(fmt::format("runs/{}/artifacts/manifest.json", run_));
    auto etag = world_.get(target).headers["etag"];
    ASSERT_FALSE(etag.empty());
    auto again = world_.call("GET", target, "", {{"if-none-match", etag}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(again.headers["etag"], etag);
    save(run_, 4, "manifest.json", "two!");
    auto changed = world_.call("GET", target, "", {{"if-none-match", etag}});
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.body, "two!");
}

TEST_F(ArtifactTest, APartIsSentWhereAPartIsAskedFor) {
    save(run_, 4, "manifest.json", "0123456789");
    auto target = path(fmt::format("runs/{}/artifacts/manifest.json", run_));
    auto ask = [&](http::Headers headers) { return world_.call("GET", target, "", headers); };
    auto whole = ask({});
    EXPECT_EQ(whole.headers["accept-ranges"], "bytes");
    auto part = ask({{"range", "bytes=2-4"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, "234");
    EXPECT_EQ(part.headers["content-range"], "bytes 2-4/10");
    EXPECT_EQ(ask({{"range", "bytes=-3"}}).body, "789");
    auto same = ask({{"range", "bytes=8-"}, {"if-range", whole.headers["etag"]}});
    EXPECT_EQ(same.body, "89");
    // Of what has changed since, all of it.
    auto changed = ask({{"range", "bytes=8-"}, {"if-range", "\"another\""}});
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.body, "0123456789");
    auto beyond = ask({{"range", "bytes=10-"}});
    EXPECT_EQ(beyond.status, 416);
    EXPECT_EQ(beyond.headers["content-range"], "bytes */10");
    EXPECT_EQ(ask({{"range", "bytes=0-1,4-5"}}).body, "0123456789");
}

TEST_F(ArtifactTest, WhatIsNotThereIs404) {
    save(run_, 4, "manifest.json", "{}");
    auto base = fmt::format("runs/{}/artifacts/", run_);
    for (auto name : {"catalog.json", "../manifest.json", "..", "a/../../manifest.json",
                      "%2e%2e/manifest.json", "manifest.json/x"})
        EXPECT_EQ(fetch(base + name).status, 404) << name;
    EXPECT_EQ(fetch("runs/999999/artifacts/").status, 404);
    EXPECT_EQ(fetch("runs/999999/artifacts/manifest.json").status, 404);
    for (auto step : {"0", "-1", "x", "1.5"})
        EXPECT_EQ(fetch(base + "manifest.json?step=" + step).status, 400) << step;
}

TEST_F(ArtifactTest, OthersSeeNothing) {
    save(run_, 4, "manifest.json", "{}");
    account_ = world_.account();
    world_.act_as(account_);
    EXPECT_EQ(fetch(fmt::format("runs/{}/artifacts/", run_)).status, 404);
    EXPECT_EQ(fetch(fmt::format("runs/{}/artifacts/manifest.json", run_)).status, 404);
    EXPECT_EQ(fetch(fmt::format("jobs/{}/artifacts/manifest.json", job_)).status, 404);
}

TEST_F(ArtifactTest, AJobShowsItsLatestGoodRunThatHasIt) {
    auto target = fmt::format("jobs/{}/artifacts/manifest.json", job_);
    EXPECT_EQ(fetch(target).status, 404);
    auto add_run = [&](int status, std::string content) {
        auto id = world_.queued_run(job_);
        world_.sql("UPDATE runs SET status = $2, finished_at = now() WHERE id = $1", id, status);
        if (!content.empty()) save(id, 4, "manifest.json", content);
    };
    add_run(10, "good");
    add_run(20, "failed");
    add_run(10, "");
    EXPECT_EQ(fetch(target).body, "good");
    add_run(10, "better");
    EXPECT_EQ(fetch(target).body, "better");
    EXPECT_EQ(fetch(fmt::format("jobs/{}/artifacts/catalog.json", job_)).status, 404);
}

TEST_F(ArtifactTest, ALostObjectIs404) {
    save(run_, 4, "manifest.json", "{}");
    world_.get([&] {
        return world_.objects().remove(object_key_of(account_, run_, 4, "manifest.json").value());
    });
    EXPECT_EQ(fetch(fmt::format("runs/{}/artifacts/manifest.json", run_)).status, 404);
}

}  // namespace
}  // namespace mw::artifacts
