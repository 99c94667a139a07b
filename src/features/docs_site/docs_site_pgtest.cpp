#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/docs_site/docs_site_api.hpp"
#include "features/docs_site/docs_site_store.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::docs_site {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kPage =
    R"(<script>a={manifest:"MANIFEST.JSON INLINE DATA",catalog:"CATALOG.JSON INLINE DATA"}</script>)";

class DocsSiteTest : public testing::Test {
  protected:
    DocsSiteTest() {
        world_.act_as(account_);
        add_docs_site_endpoints(world_.api(), world_.pool(), world_.objects());
    }

    void save(Id run_id, std::string name, std::string content) {
        auto key = artifacts::object_key_of(account_, run_id, 4, name).value();
        world_.get([&] { return world_.objects().put(key, content, {}); });
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                artifacts::Artifact artifact{run_id, 4, name,
                                             static_cast<std::int64_t>(content.size()), key};
                co_return co_await artifacts::record_artifacts(tx, {artifact});
            });
        });
    }
    // A good run that has made a site.
    Id documented(Id job) {
        auto run = world_.queued_run(job);
        save(run, "index.html", std::string(kPage));
        save(run, "manifest.json", R"({"a":"</script>"})");
        save(run, "catalog.json", R"({"b":2})");
        world_.sql(
            "UPDATE runs SET status = 10, finished_at = now(), has_docs_generated = true "
            "WHERE id = $1",
            run);
        return run;
    }
    test::Answer fetch(std::string rest) {
        return world_.call("GET", fmt::format("/api/ui/accounts/{}/{}", account_, rest));
    }
    test::Answer of_project() { return fetch(fmt::format("projects/{}/docs/", project_)); }
    test::Answer of_run(Id run) { return fetch(fmt::format("runs/{}/docs/", run)); }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id project_ = world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job_);
};

TEST_F(DocsSiteTest, TheFilesAreInThePage) {
    auto site = of_run(documented(job_));
    EXPECT_EQ(site.status, 200);
    EXPECT_EQ(site.body, R"(<script>a={manifest:{"a":"\u003c/script>"},catalog:{"b":2}}</script>)");
    EXPECT_THAT(site.headers["content-type"], HasSubstr("text/html"));
}

TEST_F(DocsSiteTest, ThePageActsForNobody) {
    auto policy = of_run(documented(job_)).headers["content-security-policy"];
    EXPECT_THAT(policy, HasSubstr("sandbox allow-scripts;"));
    EXPECT_THAT(policy, Not(HasSubstr("allow-same-origin")));
    EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'self'"));
}

TEST_F(DocsSiteTest, ARunWithoutSiteSaysSo) {
    auto run = world_.queued_run(job_);
    auto none = of_run(run);
    EXPECT_EQ(none.status, 404);
    EXPECT_THAT(none.message(), HasSubstr("no index.html"));
    save(run, "index.html", "<html></html>");
    save(run, "manifest.json", "{}");
    EXPECT_THAT(of_run(run).message(), HasSubstr("no catalog.json"));
    save(run, "catalog.json", "{}");
    EXPECT_THAT(of_run(run).message(), HasSubstr("dbt 1.7"));
    EXPECT_EQ(of_run(999'999).status, 404);
}

TEST_F(DocsSiteTest, AProjectsSiteIsItsNewestOfProductionOrOfTheJobThatItNames) {
    EXPECT_EQ(of_project().status, 404);
    EXPECT_THAT(of_project().message(), HasSubstr("generates docs"));
    auto first = documented(job_);
    EXPECT_EQ(of_project().data().at("run_id"), first);
    auto newer = documented(job_);
    EXPECT_EQ(of_project().data().at("run_id"), newer);
    // Failed ones do not count, nor do those without a page.
    world_.sql("UPDATE runs SET status = 20 WHERE id = $1", newer);
    EXPECT_EQ(of_project().data().at("run_id"), first);
    world_.sql("UPDATE runs SET status = 10 WHERE id = $1", newer);
    world_.sql("DELETE FROM artifacts WHERE run_id = $1 AND path = 'index.html'", newer);
    EXPECT_EQ(of_project().data().at("run_id"), first);

    auto other = world_.job(account_);
    world_.sql("UPDATE jobs SET project_id = $2 WHERE id = $1", other, project_);
    auto elsewhere = documented(other);
    world_.sql("UPDATE runs SET project_id = $2 WHERE id = $1", elsewhere, project_);
    world_.sql(
        "UPDATE environments SET deployment_type = 'production' WHERE id = "
        "(SELECT environment_id FROM runs WHERE id = $1)",
        first);
    EXPECT_EQ(of_project().data().at("run_id"), first);
    world_.sql("UPDATE projects SET docs_job_id = $2 WHERE id = $1", project_, other);
    EXPECT_EQ(of_project().data().at("run_id"), elsewhere);
}

TEST_F(DocsSiteTest, AnotherProjectsMayNotBeSeen) {
    auto run = documented(job_);
    world_.authenticator().caller.grants = api::Grants(
        {{api::find_permission_set("developer"), project_ + 1, {}}}, api::License::developer);
    EXPECT_EQ(of_run(run).status, 404);
    EXPECT_EQ(of_project().status, 404);
    EXPECT_THAT(of_project().message(), Not(HasSubstr("docs")));
}

}  // namespace
}  // namespace mw::docs_site
