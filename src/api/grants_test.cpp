#include "api/grants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace mw::api {
namespace {

using testing::UnorderedElementsAre;

Grants grants(std::string_view json, License license = License::developer) {
    return Grants::from_json(boost::json::parse(json), license);
}

TEST(PermissionSets, AreThoseOfTheContract) {
    EXPECT_EQ(permission_sets().size(), 31U);
    for (const auto& set : permission_sets()) {
        EXPECT_EQ(find_permission_set(set.name), &set);
        for (auto area : set.reads)
            EXPECT_EQ(set.access(area), Access::read) << set.name << " " << name_of(area);
    }
    EXPECT_EQ(find_permission_set("nobody"), nullptr);
}

TEST(PermissionSets, EveryAreaCanBeReadAndWrittenByTheOwner) {
    for (std::size_t i = 0; i < kAreas; ++i) {
        auto area = static_cast<Area>(i);
        EXPECT_EQ(find_permission_set("owner")->access(area), Access::write) << name_of(area);
        EXPECT_FALSE(name_of(area).empty());
    }
}

TEST(Grants, NobodyMayDoAnythingUnasked) {
    Grants none;
    EXPECT_FALSE(none.may(reads(Area::jobs)));
    EXPECT_TRUE(none.may(signed_in()));
    EXPECT_FALSE(none.projects(reads(Area::jobs)).all);
    EXPECT_FALSE(
        grants(R"([{"set":"no_such_set","project":null,"categories":[]}])").may(reads(Area::jobs)));
}

TEST(Grants, AProjectsGrantIsGoodThereAlone) {
    auto one = grants(R"([{"set":"job_admin","project":7,"categories":[]}])");
    EXPECT_TRUE(one.may(writes(Area::jobs), 7));
    EXPECT_FALSE(one.may(writes(Area::jobs), 8));
    EXPECT_TRUE(one.may(writes(Area::jobs)));
    EXPECT_FALSE(one.may(writes(Area::repositories), 7));
    EXPECT_THAT(one.projects(reads(Area::jobs)).ids, UnorderedElementsAre(7));
    EXPECT_TRUE(one.projects(reads(Area::repositories)).ids.empty());
}

TEST(Grants, GrantsAddUp) {
    auto two = grants(R"([{"set":"job_viewer","project":null,"categories":[]},
                          {"set":"job_runner","project":7,"categories":[]}])");
    EXPECT_TRUE(two.may(writes(Area::runs), 7));
    EXPECT_FALSE(two.may(writes(Area::runs), 8));
    EXPECT_TRUE(two.may(reads(Area::runs), 8));
    EXPECT_TRUE(two.projects(reads(Area::jobs)).all);
}

TEST(Grants, ASetOfTheAccountIsForAllProjects) {
    auto viewer = grants(R"([{"set":"account_viewer","project":7,"categories":[]}])");
    EXPECT_TRUE(viewer.may(reads(Area::jobs), 8));
}

TEST(Grants, SomeSetsWriteByTheCategoryOfTheEnvironment) {
    auto some = grants(R"([{"set":"developer","project":7,"categories":["staging","other"]}])");
    EXPECT_TRUE(some.may_in(writes(Area::runs), 7, "staging"));
    EXPECT_FALSE(some.may_in(writes(Area::runs), 7, "production"));
    EXPECT_FALSE(some.may_in(writes(Area::runs), 8, "staging"));
    EXPECT_TRUE(some.may_in(reads(Area::runs), 7, "production"));
    for (auto all : {R"([{"set":"developer","project":null,"categories":[]}])",
                     R"([{"set":"developer","project":null,"categories":["all"]}])"})
        EXPECT_TRUE(grants(all).may_in(writes(Area::runs), 7, "production")) << all;
    // The others ask nobody.
    auto admin = grants(R"([{"set":"job_admin","project":null,"categories":["staging"]}])");
    EXPECT_TRUE(admin.may_in(writes(Area::jobs), 7, "production"));
}

TEST(Grants, ALicenseLimitsWhatGroupsGive) {
    std::string_view owner = R"([{"set":"owner","project":null,"categories":[]}])";
    auto reader = grants(owner, License::read_only);
    EXPECT_TRUE(reader.may(reads(Area::jobs)));
    EXPECT_FALSE(reader.may(writes(Area::jobs)));
    EXPECT_FALSE(reader.may(reads(Area::account_settings)));
    auto analyst = grants(owner, License::analyst);
    EXPECT_TRUE(analyst.may(writes(Area::projects)));
    EXPECT_FALSE(analyst.may(writes(Area::environments)));
    auto it = grants("[]", License::it);
    EXPECT_TRUE(it.may(writes(Area::service_tokens)));
    EXPECT_FALSE(it.may(reads(Area::jobs)));
}

TEST(Grants, KnowWhetherTheyCoverASet) {
    auto covers = [](std::string_view mine, std::string_view set, std::optional<Id> project) {
        return grants(mine).covers(*find_permission_set(set), project);
    };
    std::string_view admin = R"([{"set":"admin","project":7,"categories":[]}])";
    EXPECT_TRUE(covers(admin, "job_runner", 7));
    EXPECT_FALSE(covers(admin, "job_runner", 8));
    EXPECT_FALSE(covers(admin, "job_runner", std::nullopt));
    EXPECT_FALSE(covers(admin, "account_admin", 7));
    std::string_view owner = R"([{"set":"owner","project":null,"categories":[]}])";
    for (const auto& set : permission_sets())
        EXPECT_TRUE(covers(owner, set.name, std::nullopt)) << set.name;
}

}  // namespace
}  // namespace mw::api
