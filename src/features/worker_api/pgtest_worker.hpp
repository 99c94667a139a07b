// For tests: a run that a worker has claimed, and the workers' API as that worker meets it.
#pragma once

#include <gtest/gtest.h>

#include "features/connection_tests/connection_test_store.hpp"
#include "features/connections/connection_store.hpp"
#include "features/credentials/credentials_store.hpp"
#include "features/run_log/log_reader.hpp"
#include "features/runs/pgtest_api.hpp"
#include "features/runs/run_service.hpp"
#include "features/worker_api/connection_test_worker_api.hpp"
#include "features/worker_api/worker_api.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::worker_api {

class WorkerApiTest : public testing::Test {
  protected:
    WorkerApiTest() {
        world_.act_as(account_);
        add_worker_endpoints(
            router_,
            {.pool = world_.pool(),
             .objects = world_.objects(),
             .sealer = sealer_,
             .blocking = world_.blocking(),
             .lease = std::chrono::seconds(30),
             .show_rows = [this](Id run_id, int step, std::int64_t line, std::string_view text) {
                 shown_.push_back(fmt::format("{} {}:{} {}", run_id, step, line, text));
             }});
        set_up_job();
        run_ = create();
        token_ = claim(run_);
    }

    template <class Work>
    auto tx(Work work) {
        return world_.get([&] { return pg::with_tx(world_.pool(), work); });
    }

    // Everything that a run needs: repository, connection, credentials, variables.
    void set_up_job() {
        job_ = world_.job(account_);
        auto connection = tx([&](pg::Connection& c) {
            return connections::insert_connection(
                c, sealer_, {account_, "Warehouse", "postgres_v0", {{"hostname", "db"}}, {}});
        });
        auto project = world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job_);
        auto credentials = tx([&](pg::Connection& c) {
            return credentials::insert_credentials(c, sealer_,
                                                   {.account_id = account_,
                                                    .project_id = project,
                                                    .type = "postgres",
                                                    .schema = "analytics",
                                                    .threads = 4,
                                                    .fields = {{"username", "etl"}},
                                                    .secret_fields = {{"password", "s3cret"}}});
        });
        world_.sql(
            "WITH r AS (INSERT INTO repositories (account_id, project_id, remote_url) "
            "VALUES ($1, $2, 'file:///srv/shop.git') RETURNING id) "
            "UPDATE projects SET repository_id = r.id, connection_id = $3 FROM r "
            "WHERE projects.id = $2",
            account_, project, connection);
        world_.sql("UPDATE environments SET credentials_id = $2 WHERE project_id = $1", project,
                   credentials);
        world_.sql(
            "INSERT INTO environment_variables (account_id, project_id, environment_id, job_id, "
            "name, value) SELECT $1::bigint, $2::bigint, NULL::bigint, NULL::bigint, 'DBT_A', "
            "'project' "
            "UNION ALL SELECT $1, $2, id, NULL, 'DBT_A', 'environment' FROM environments "
            "WHERE project_id = $2 "
            "UNION ALL SELECT $1, $2, NULL, $3::bigint, 'DBT_B', 'job'",
            account_, project, job_);
        // Of other places: not for this run.
        auto other = world_.job(account_);
        world_.sql(
            "INSERT INTO environment_variables (account_id, project_id, job_id, name, value) "
            "VALUES ($1, $2, $3, 'DBT_C', 'x')",
            account_, project, other);
    }
    Id create() { return create(job_); }
    Id create(Id job_id, runs::Overrides overrides = {}) {
        return tx([&](pg::Connection& c) {
                   return runs::create_run(c, {.account_id = account_,
                                               .job_id = job_id,
                                               .cause = "a test",
                                               .overrides = overrides});
               })
            .id;
    }
    // As the scheduler does it.
    std::string claim(Id run_id) {
        auto token = crypto::random_token(crypto::kRunTokenPrefix);
        world_.sql("UPDATE runs SET status = 2, dequeued_at = now(), attempt = 1 WHERE id = $1",
                   run_id);
        world_.sql(
            "INSERT INTO run_leases (run_id, token_hash, worker, expires_at) "
            "VALUES ($1, $2, 'w', now() + interval '30 seconds')",
            run_id, crypto::hash_token(token));
        return token;
    }
    test::Answer call(std::string method, std::string what, std::string body = {},
                      std::filesystem::path file = {}) {
        return world_.call(router_, std::move(method), "/internal/v1/run/" + what, std::move(body),
                           {{"authorization", "Bearer " + token_}}, std::move(file));
    }
    test::Answer post(std::string what, std::string body = "{}") {
        return call("POST", std::move(what), std::move(body));
    }
    void put_artifact(std::string path, std::string content) {
        auto file = world_.write_file("upload", content);
        ASSERT_EQ(call("PUT", "artifacts/" + path, "", file).status, 200);
    }
    test::Answer from_other(Id run_id, std::string path) {
        return call("GET", fmt::format("other-runs/{}/artifacts/{}", run_id, path));
    }
    runs::Run read() {
        auto run = tx([&](pg::Connection& c) { return runs::find_run(c, run_); });
        return run.value();
    }
    std::string log_text(int step) {
        run_log::LogReader reader(world_.pool(), world_.objects());
        auto page = world_.get([&] { return reader.page({account_, run_, step}, {}); });
        std::string text;
        for (const auto& line : page.lines)
            text += fmt::format("{}:{} ", line.n, line.text);
        return text;
    }

    // Of the job's environment, as the scheduler does it.
    Id begin_connection_test() {
        add_connection_test_worker_endpoints(router_, {.pool = world_.pool(),
                                                       .objects = world_.objects(),
                                                       .sealer = sealer_,
                                                       .blocking = world_.blocking()});
        world_.sql(
            "INSERT INTO connection_tests (account_id, environment_id) "
            "SELECT account_id, environment_id FROM jobs WHERE id = $1",
            job_);
        auto claimed = world_.get([&] { return connection_tests::claim_tests(world_.pool(), 1); });
        test_token_ = claimed.at(0).token.reveal();
        return claimed.at(0).id;
    }
    test::Answer call_test(std::string method, std::string what, std::string body = {}) {
        return world_.call(router_, std::move(method), "/internal/v1/connection-test/" + what,
                           std::move(body), {{"authorization", "Bearer " + test_token_}});
    }

    std::string test_token_;
    std::vector<std::string> shown_;  // rows, as "run step:line text"
    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    http::Router router_;
    Id account_ = world_.account();
    Id job_ = 0;
    Id run_ = 0;
    std::string token_;
};

}  // namespace mw::worker_api
