#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/audit/audit_store.hpp"
#include "features/audit_logs/audit_log_api.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::audit_logs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class AuditLogsTest : public testing::Test {
  protected:
    AuditLogsTest() {
        add_audit_log_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        world_.act_as(account_);
        path_ = fmt::format("/api/v3/accounts/{}/audit-logs/", account_);
    }
    void record(std::string event, boost::json::object data = {}) {
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) {
                return audit::record(tx, world_.caller(), {event, "job", 7, data});
            });
        });
    }

    test::ApiWorld world_;
    Id account_ = 0;
    std::string path_;
};

TEST_F(AuditLogsTest, TheLatestComeFirst) {
    record("job.created");
    record("job.deleted", {{"name", "Nightly"}});
    auto entries = world_.get(path_).data().as_array();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].at("event_type").as_string(), "job.deleted");
    EXPECT_EQ(entries[0].at("actor").at("actor_name").as_string(), "ann@example.com");
    EXPECT_EQ(entries[0].at("event_context").at("data").at("name").as_string(), "Nightly");
    EXPECT_TRUE(entries[0].at("id").is_string());
    EXPECT_EQ(world_.get(path_ + "?event_type=job.created").data().as_array().size(), 1U);
    EXPECT_EQ(world_.get(path_ + "?logged_at_start=2100-01-01T00:00:00Z").data().as_array().size(),
              0U);
    EXPECT_EQ(world_.get(path_ + "?logged_at_start=yesterday").status, 400);
}

TEST_F(AuditLogsTest, AllOfItIsCsv) {
    for (int i = 0; i < 501; ++i)
        world_.sql(
            "INSERT INTO audit_log (account_id, actor_type, actor_name, event, subject_type) "
            "VALUES ($1, 'system', 'x', 'e', 's')",
            account_);
    record("job.created", {{"name", "=HYPERLINK(\"x\")"}});
    auto answer = world_.get(path_ + "download/");
    EXPECT_EQ(answer.headers["content-type"], "text/csv; charset=utf-8");
    EXPECT_THAT(answer.body, StartsWith("id,created_at,event"));
    EXPECT_EQ(std::ranges::count(answer.body, '\n'), 503);
    // Quotes are doubled, and no cell begins as a formula does.
    EXPECT_THAT(answer.body, HasSubstr(R"("{""name"":""=HYPERLINK)"));
    EXPECT_EQ(world_.get(path_ + "download/?logged_at_end=x").status, 400);
}

TEST_F(AuditLogsTest, AnExportNeedsNoWaiting) {
    EXPECT_FALSE(world_.get(path_ + "export/").data().at("is_running").as_bool());
    auto job = std::string(world_.post(path_ + "export/").data().at("job_id").as_string());
    auto url = world_.get(path_ + "export/" + job + "/download/").data().at("download_url");
    EXPECT_EQ(world_.get(std::string(url.as_string())).status, 200);
    EXPECT_EQ(world_.get(path_ + "export/other/download/").status, 404);
}

TEST_F(AuditLogsTest, AnotherAccountsIsNotThere) {
    record("job.created");
    auto other = world_.account();
    world_.act_as(other);
    EXPECT_EQ(
        world_.get(fmt::format("/api/v3/accounts/{}/audit-logs/", other)).data().as_array().size(),
        0U);
}

}  // namespace
}  // namespace mw::audit_logs
