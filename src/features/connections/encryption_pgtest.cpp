#include "features/connections/encryption.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"

namespace mw::connections {
namespace {

TEST(Encryptions, GetAKeyOfWhichOnlyThePublicHalfIsShown) {
    test::ApiWorld world;
    crypto::Sealer sealer{crypto::DataKey::generate()};
    add_encryption_endpoints(world.api(), world.pool(), sealer);
    auto account = world.account();
    world.act_as(account);
    auto connection = world.value<Id>(
        "INSERT INTO connections (account_id, name, adapter_version) "
        "VALUES ($1, 'c', 'postgres_v0') RETURNING id AS v",
        account);
    auto path = fmt::format("/api/v2/accounts/{}/encryptions/", account);
    auto made = world.post(path, fmt::format(R"({{"connection_id": {}, "username": "u",
                                                  "hostname": "bastion", "port": 2222}})",
                                             connection));
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_THAT(std::string(made.data().at("public_key").as_string()),
                testing::StartsWith("ssh-ed25519 "));
    EXPECT_EQ(made.body.find("rivate"), std::string::npos);
    auto one = fmt::format("{}{}/", path, made.data().at("id").to_number<Id>());
    auto moved = world.post(one, R"({"hostname": "other"})");
    EXPECT_EQ(moved.data().at("public_key"), made.data().at("public_key"));
    EXPECT_EQ(world.post(path, R"({"connection_id": 99, "username": "u", "hostname": "h"})").status,
              400);
}

}  // namespace
}  // namespace mw::connections
