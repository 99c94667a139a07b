// The smallest resource, and with it what all plain resources do (features/resources).
#include "features/license_maps/license_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"

namespace mw::license_maps {
namespace {

using testing::HasSubstr;

class LicenseMaps : public testing::Test {
  protected:
    LicenseMaps() {
        add_license_map_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        world_.act_as(account_);
        path_ = fmt::format("/api/v3/accounts/{}/license-maps/", account_);
    }
    Id make(std::string_view type) {
        auto answer = world_.post(path_, fmt::format(R"({{"license_type": "{}"}})", type));
        return answer.data().at("id").to_number<Id>();
    }
    std::string one(Id id) { return fmt::format("{}{}/", path_, id); }

    test::ApiWorld world_;
    Id account_ = 0;
    std::string path_;
};

TEST_F(LicenseMaps, AreMadeReadChangedAndRemoved) {
    auto made = world_.post(
        path_, R"({"license_type": "it", "sso_license_mapping_groups": ["ops"], "id": 77})");
    ASSERT_EQ(made.status, 200) << made.body;
    auto id = made.data().at("id").to_number<Id>();
    EXPECT_NE(id, 77);
    EXPECT_EQ(made.data().at("account_id").to_number<Id>(), account_);
    EXPECT_EQ(made.data().at("state").to_number<int>(), 1);
    EXPECT_EQ(world_.get(one(id)).data(), made.data());

    auto changed = world_.post(one(id), R"({"sso_license_mapping_groups": ["ops", "net"]})");
    EXPECT_EQ(changed.data().at("license_type").as_string(), "it");
    EXPECT_EQ(changed.data().at("sso_license_mapping_groups").as_array().size(), 2U);

    auto removed = world_.call("DELETE", one(id));
    EXPECT_EQ(removed.status, 200);
    EXPECT_EQ(removed.data().at("state").to_number<int>(), 2);
    for (auto method : {"GET", "POST", "DELETE"})
        EXPECT_EQ(world_.call(method, one(id), "{}").status, 404) << method;
    EXPECT_EQ(
        world_.value<std::string>("SELECT string_agg(event, ' ' ORDER BY id) AS v FROM audit_log"),
        "license_map.created license_map.updated license_map.deleted");
}

TEST_F(LicenseMaps, AreRemovedByTheirStateToo) {
    auto id = make("it");
    EXPECT_EQ(world_.post(one(id), R"({"state": 2})").data().at("state").to_number<int>(), 2);
    EXPECT_EQ(world_.get(one(id)).status, 404);
    EXPECT_THAT(world_.post(one(make("it")), R"({"state": 3})").message(), HasSubstr("state"));
}

TEST_F(LicenseMaps, EveryBadFieldIsNamed) {
    auto answer = world_.post(path_, R"({"sso_license_mapping_groups": 5})");
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.message(), HasSubstr("license_type"));
    EXPECT_THAT(answer.body, HasSubstr("sso_license_mapping_groups"));
    EXPECT_THAT(world_.post(path_, R"({"license_type": "gold"})").message(),
                HasSubstr("must be one of developer, read_only, analyst, it"));
    for (auto nul : {R"({"license_type": "it", "x": [{"a": "\u0000"}]})", R"({"a\u0000": 1})"})
        EXPECT_THAT(world_.post(path_, nul).message(), HasSubstr("NUL")) << nul;
    EXPECT_THAT(world_.post(path_, R"({"x": [1e999]})").message(), HasSubstr("too large"));
    EXPECT_EQ(world_.get(path_).data().as_array().size(), 0U);
}

TEST_F(LicenseMaps, ThereIsOneForALicense) {
    make("it");
    auto again = world_.post(path_, R"({"license_type": "it"})");
    EXPECT_EQ(again.status, 409);
    EXPECT_THAT(again.message(), HasSubstr("license map"));
}

TEST_F(LicenseMaps, AreFilteredAndOrderedByTheirColumns) {
    auto it = make("it");
    make("analyst");
    auto listed = [&](std::string query) {
        std::string found;
        for (const auto& each : world_.get(path_ + query).data().as_array())
            found += std::string(each.at("license_type").as_string()) + " ";
        return found;
    };
    EXPECT_EQ(listed(""), "it analyst ");
    EXPECT_EQ(listed("?order_by=-license_type"), "it analyst ");
    EXPECT_EQ(listed("?order_by=license_type"), "analyst it ");
    EXPECT_EQ(listed(fmt::format("?pk={}", it)), "it ");
    EXPECT_EQ(listed("?license_type__in=[\"analyst\"]"), "analyst ");
    EXPECT_EQ(listed("?limit=1&offset=1"), "analyst ");
    world_.call("DELETE", one(it));
    EXPECT_EQ(listed(""), "analyst ");
    EXPECT_EQ(listed("?state=2"), "it ");
    EXPECT_EQ(listed("?state=all"), "it analyst ");
    EXPECT_EQ(world_.get(path_ + "?order_by=sso_license_mapping_groups").status, 400);
}

TEST_F(LicenseMaps, OfAnotherAccountAreNotThere) {
    auto id = make("it");
    auto other = world_.account();
    world_.act_as(other);
    EXPECT_EQ(world_.get(one(id)).status, 404);
    EXPECT_EQ(world_.get(fmt::format("/api/v3/accounts/{}/license-maps/{}/", other, id)).status,
              404);
}

}  // namespace
}  // namespace mw::license_maps
