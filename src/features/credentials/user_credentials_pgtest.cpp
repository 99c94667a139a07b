#include "features/credentials/user_credentials.hpp"

#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"

namespace mw::credentials {
namespace {

TEST(UserCredentialsOf, AreOnesOwn) {
    test::ApiWorld world;
    add_user_credentials_endpoints(world.api(), world.pool());
    auto account = world.account();
    world.act_as(account);
    auto me = *world.caller().user_id;
    world.sql("INSERT INTO users (id, email) VALUES ($1, 'a@b.c')", me);
    auto project = world.value<Id>(
        "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account);
    auto credentials = world.value<Id>(
        "INSERT INTO credentials (account_id, project_id, type, schema) "
        "VALUES ($1, $2, 'postgres', 's') RETURNING id AS v",
        account, project);
    auto path = fmt::format("/api/v3/users/{}/credentials/", me);
    auto body = fmt::format(R"({{"project_id": {}, "credentials_id": {}}})", project, credentials);
    auto made = world.post(path, body);
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("user_id"), me);
    EXPECT_EQ(made.data().at("credentials").at("type").as_string(), "postgres");
    EXPECT_EQ(world.get(path).data().as_array().size(), 1U);
    EXPECT_EQ(world.post(path, body).status, 409);
    world.authenticator().caller.user_id = me + 1;
    auto one = fmt::format("{}{}/", path, made.data().at("id").to_number<Id>());
    EXPECT_EQ(world.get(one).status, 404);
    EXPECT_EQ(world.get(path).status, 404);
    // Nor by the way of one's own.
    auto other = fmt::format("/api/v3/users/{}/credentials/{}/", me + 1,
                             made.data().at("id").to_number<Id>());
    for (auto method : {"GET", "POST", "DELETE"})
        EXPECT_EQ(world.call(method, other, "{}").status, 404) << method;
    EXPECT_EQ(world.call("DELETE", one).status, 404);
}

}  // namespace
}  // namespace mw::credentials
