// For tests: a project whose runs left artifacts, and the Discovery API over it.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/artifacts/artifact_store.hpp"
#include "features/discovery/discovery_api.hpp"
#include "features/project_state/ingest.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::discovery {

inline constexpr std::string_view kManifest = R"({
  "metadata": {"generated_at": "2026-01-01T00:10:00Z", "dbt_version": "1.11.16",
               "project_name": "shop", "adapter_type": "duckdb"},
  "nodes": {
    "seed.shop.raw": {"resource_type": "seed", "name": "raw", "package_name": "shop",
      "config": {"materialized": "seed"}},
    "model.shop.staged": {"resource_type": "model", "name": "staged", "package_name": "shop",
      "database": "db", "schema": "main", "alias": "staged_v1", "tags": ["daily"],
      "raw_code": "select {{ 1 }}", "compiled_code": "select 1", "description": "Cleaned.",
      "config": {"materialized": "view"}, "fqn": ["shop", "staged"],
      "columns": {"id": {"name": "id", "description": "Which one."}}, "meta": {"owner": "ann"},
      "depends_on": {"nodes": ["seed.shop.raw", "source.shop.app.events"]}},
    "model.shop.orders": {"resource_type": "model", "name": "orders", "package_name": "shop",
      "access": "public", "group": "finance", "original_file_path": "models/orders.sql",
      "constraints": [{"type": "primary_key", "columns": ["id"]}],
      "config": {"materialized": "table", "tags": ["nightly"]}, "raw_code": "x",
      "depends_on": {"nodes": ["model.shop.staged"]}},
    "model.shop.never": {"resource_type": "model", "name": "never", "package_name": "shop"},
    "test.shop.unique_orders_id.1": {"resource_type": "test", "name": "unique_orders_id",
      "column_name": "id", "depends_on": {"nodes": ["model.shop.orders"]}}},
  "sources": {"source.shop.app.events": {"resource_type": "source", "name": "events",
    "source_name": "app", "identifier": "events"}},
  "metrics": {"metric.shop.revenue": {"resource_type": "metric", "name": "revenue",
    "type": "simple", "type_params": {"expr": "amount"}, "tags": ["money"],
    "depends_on": {"nodes": ["model.shop.orders"]}}},
  "semantic_models": {"semantic_model.shop.sales": {"resource_type": "semantic_model",
    "name": "sales", "defaults": {"agg_time_dimension": "sold_at"},
    "entities": [{"name": "sale", "type": "primary"}],
    "dimensions": [{"name": "sold_at", "type_params": {"time_granularity": "day"}}],
    "measures": [{"name": "amount", "agg": "sum"}]}},
  "groups": {"group.shop.finance": {"resource_type": "group", "name": "finance",
    "owner": {"name": "Flo", "email": "flo@example.com"}}},
  "macros": {"macro.shop.cents": {"resource_type": "macro", "name": "cents",
    "package_name": "shop", "macro_sql": "{% macro cents() %}", "original_file_path": "m.sql"}},
  "exposures": {"exposure.shop.board": {"resource_type": "exposure", "name": "board",
    "type": "dashboard", "owner": {"name": "Bo"}, "depends_on": {"nodes": ["model.shop.orders"]}}}
})";

inline constexpr std::string_view kResults = R"({
  "metadata": {"generated_at": "2026-01-01T00:10:01Z"}, "args": {"which": "build"},
  "elapsed_time": 2.5,
  "results": [
    {"unique_id": "seed.shop.raw", "status": "success", "execution_time": 0.1},
    {"unique_id": "model.shop.staged", "status": "success", "execution_time": 0.25},
    {"unique_id": "model.shop.orders", "status": "error", "execution_time": 0.5,
     "message": "Binder Error"},
    {"unique_id": "test.shop.unique_orders_id.1", "status": "fail", "failures": 3,
     "message": "Got 3 results", "execution_time": 0.1}]
})";

inline constexpr std::string_view kSources = R"({
  "metadata": {"generated_at": "2026-01-01T00:10:02Z"},
  "results": [{"unique_id": "source.shop.app.events", "status": "warn",
    "max_loaded_at": "2025-12-31T00:00:00Z", "snapshotted_at": "2026-01-01T00:10:02Z",
    "max_loaded_at_time_ago_in_s": 87002.0,
    "criteria": {"warn_after": {"count": 12, "period": "hour"},
                 "error_after": {"count": null, "period": null}, "filter": null}}]
})";

inline constexpr std::string_view kCatalog = R"({
  "metadata": {"generated_at": "2026-01-01T00:10:03Z"},
  "nodes": {"model.shop.staged": {
    "metadata": {"type": "VIEW", "owner": "bo", "comment": null},
    "columns": {"B": {"name": "B", "type": "TEXT", "index": 2, "comment": null},
                "ID": {"name": "ID", "type": "INTEGER", "index": 1, "comment": null}},
    "stats": {"has_stats": {"id": "has_stats", "label": "Has Stats?", "value": false,
                            "include": false},
              "rows": {"id": "rows", "label": "Rows", "value": 7, "include": true,
                       "description": "How many"}}}},
  "sources": {}
})";

class DiscoveryTest : public testing::Test {
  protected:
    DiscoveryTest() {
        world_.act_as(account_);
        add_discovery_endpoint(world_.api(), world_.pool(), world_.objects(), world_.blocking());
    }
    void save(std::string path, std::string_view content) {
        auto key = artifacts::object_key_of(account_, run_, 4, path).value();
        world_.get([&] { return world_.objects().put(key, std::string(content), {}); });
        world_.get([&] {
            return pg::with_tx(
                world_.pool(), [&](pg::Connection& tx) -> boost::asio::awaitable<result<>> {
                    artifacts::Artifact artifact{run_, 4, path,
                                                 static_cast<std::int64_t>(content.size()), key};
                    co_return co_await artifacts::record_artifacts(tx, {artifact});
                });
        });
    }
    void ingest() {
        save("manifest.json", kManifest);
        save("run_results.json", kResults);
        save("sources.json", kSources);
        save("catalog.json", kCatalog);
        world_.get([&] {
            return pg::with_tx(world_.pool(),
                               [&](pg::Connection& tx) -> boost::asio::awaitable<result<>> {
                                   co_return co_await project_state::ask_for_ingestion(tx, run_);
                               });
        });
        EXPECT_TRUE(world_.get([&] {
            return project_state::ingest_next(world_.pool(), world_.objects(), world_.blocking());
        }));
    }
    void finish(Id run) {
        world_.sql(
            "UPDATE runs SET status = 10, started_at = now(), finished_at = now() WHERE id = $1",
            run);
    }
    boost::json::value ask(std::string_view query, boost::json::object variables = {}) {
        auto answer = world_.post("/graphql", boost::json::serialize(boost::json::object{
                                                  {"query", query}, {"variables", variables}}));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json();
    }
    // Of the test's environment, from within.
    boost::json::value environment(std::string_view selection) {
        auto answer =
            ask(fmt::format("query Q($id: BigInt!) {{ environment(id: $id) {{ {} }} }}", selection),
                {{"id", environment_}});
        EXPECT_FALSE(answer.as_object().contains("errors")) << answer;
        return answer.at("data").at("environment");
    }
    // JSON of the list `models` of the applied state.
    std::string applied(std::string_view list) {
        return boost::json::serialize(
            environment(fmt::format("applied {{ {} }}", list)).at("applied"));
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id run_ = world_.queued_run(job_);
    Id environment_ = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_);
};

}  // namespace mw::discovery
