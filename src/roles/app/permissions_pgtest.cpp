// Every endpoint, called with every permission set: what the table grants is let through, what it
// does not is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"
#include "roles/app/public_endpoints.hpp"

namespace mw::app {
namespace {

using api::Access;
using api::Grant;
using api::Grants;
using api::License;

class PublicEndpoints : public testing::Test {
  protected:
    PublicEndpoints() {
        add_public_endpoints(world_.api(), {.pool = world_.pool(),
                                            .objects = world_.objects(),
                                            .sealer = sealer_,
                                            .logs = logs_,
                                            .views = views_,
                                            .hub = hub_,
                                            .blocking = world_.blocking(),
                                            .repositories = folder_.path(),
                                            .public_url = "https://localhost",
                                            .mailer = mailer_,
                                            .messenger = messenger_,
                                            .git_hosts = git_hosts_,
                                            .executor = world_.ioc().get_executor()});
        account_ = world_.account();
        job_ = world_.job(account_);
        project_ = world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job_);
        world_.act_as(account_);
    }

    // With ids that are nobody's, but for account and project.
    std::string path_of(const api::Route& route) const {
        std::string path;
        for (std::size_t at = 0; at < route.pattern.size();) {
            auto open = route.pattern.find('{', at);
            path += route.pattern.substr(at, open - at);
            if (open == route.pattern.npos) break;
            auto close = route.pattern.find('}', open);
            auto name = route.pattern.substr(open + 1, close - open - 1);
            path += name == "account_id"   ? std::to_string(account_)
                    : name == "project_id" ? std::to_string(project_)
                    // Only oneself may look at and change oneself, with any set.
                    : path.ends_with("/users/") ? std::to_string(*world_.caller().user_id)
                                                : "987654321";
            at = close + 1;
        }
        return path;
    }

    void grant(std::string_view set, std::optional<Id> project = {},
               License license = License::developer) {
        world_.authenticator().caller.grants =
            Grants({Grant{api::find_permission_set(set), project, {}}}, license);
    }

    test::ApiWorld world_;
    test::TempDir folder_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    run_log::LogReader logs_{world_.pool(), world_.objects()};
    runs::RunViews views_{world_.pool(), logs_, "https://localhost"};
    live::LiveHub hub_{world_.ioc().get_executor(), world_.pool(), views_, logs_};
    mail::Mailer mailer_{
        world_.ioc().get_executor(), world_.pool(), sealer_, {}, "https://localhost"};
    chat::Messenger messenger_{world_.ioc().get_executor(),
                               world_.pool(),
                               sealer_,
                               {.slack = chat::SlackSettings{}, .teams = true},
                               "https://localhost"};
    git_hosts::GitHostSettings host_settings_{.app = {}, .links = true, .networks = {}};
    git_hosts::LiveGitHosts git_hosts_{world_.ioc().get_executor(), world_.pool(), sealer_,
                                       host_settings_};
    Id account_ = 0;
    Id job_ = 0;
    Id project_ = 0;
};

TEST_F(PublicEndpoints, EachAsksForWhatTheTableGrants) {
    for (const auto& set : api::permission_sets()) {
        grant(set.name);
        for (const auto& route : world_.api().routes()) {
            auto answer = world_.call(route.method, path_of(route), "{}");
            bool granted = route.need.access == Access::none ||
                           set.access(route.need.area) >= route.need.access;
            auto what = fmt::format("{} as {}: {} {}", set.name, answer.status, route.method,
                                    route.pattern);
            if (granted)
                EXPECT_FALSE(answer.status == 403 &&
                             answer.message().starts_with("You do not have permission"))
                    << what;
            else
                EXPECT_EQ(answer.status, 403) << what;
            EXPECT_LT(answer.status, 500) << what << " " << answer.body;
        }
    }
}

TEST_F(PublicEndpoints, NothingIsServedInAnotherProject) {
    auto other = world_.value<Id>(
        "INSERT INTO projects (account_id, name) VALUES ($1, 'other') RETURNING id AS v", account_);
    grant("admin", other);
    for (const auto& route : world_.api().routes())
        if (route.pattern.contains("{project_id}"))
            EXPECT_EQ(world_.call(route.method, path_of(route), "{}").status, 404)
                << route.method << " " << route.pattern;
}

TEST_F(PublicEndpoints, ListsShowWhatIsInTheCallersProjects) {
    auto jobs = fmt::format("/api/v2/accounts/{}/jobs/", account_);
    auto one = fmt::format("{}{}/", jobs, job_);
    grant("job_viewer", project_);
    EXPECT_EQ(world_.get(jobs).data().as_array().size(), 1U);
    EXPECT_EQ(world_.get(one).status, 200);
    EXPECT_EQ(world_.call("DELETE", one).status, 403);
    auto other = world_.job(account_);
    grant("job_admin", world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", other));
    auto listed = world_.get(jobs).data().as_array();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0].at("id").to_number<Id>(), other);
    EXPECT_EQ(world_.get(one).status, 404);
    EXPECT_EQ(world_.call("DELETE", one).status, 404);
    EXPECT_EQ(world_.post(one + "run/", R"({"cause":"x"})").status, 404);
}

TEST_F(PublicEndpoints, ARunNeedsTheRightToItsKindOfEnvironment) {
    auto run = fmt::format("/api/v2/accounts/{}/jobs/{}/run/", account_, job_);
    auto as = [&](std::vector<std::string> categories) {
        world_.authenticator().caller.grants =
            Grants({Grant{api::find_permission_set("developer"), project_, std::move(categories)}},
                   License::developer);
        return world_.post(run, R"({"cause":"x"})").status;
    };
    EXPECT_EQ(as({"staging"}), 403);
    EXPECT_EQ(as({"other"}), 200);
    world_.sql("UPDATE environments SET deployment_type = 'production'");
    EXPECT_EQ(as({"other"}), 403);
    EXPECT_EQ(as({"production"}), 200);
    EXPECT_EQ(as({}), 200);
}

TEST_F(PublicEndpoints, AReadOnlySeatChangesNothing) {
    grant("owner", {}, License::read_only);
    auto jobs = fmt::format("/api/v2/accounts/{}/jobs/", account_);
    EXPECT_EQ(world_.get(jobs).status, 200);
    EXPECT_EQ(world_.post(jobs, "{}").status, 403);
}

TEST_F(PublicEndpoints, AreAllDescribed) {
    auto document = world_.call("GET", "/api/openapi.json").json();
    EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
    for (const auto& route : world_.api().routes())
        if (!route.pattern.starts_with("/api/ui/"))
            EXPECT_FALSE(route.summary.empty()) << route.method << " " << route.pattern;
}

}  // namespace
}  // namespace mw::app
