#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/connections/connection_api.hpp"
#include "features/connections/connection_store.hpp"
#include "features/runs/pgtest_api.hpp"
#include "infra/crypto/sealed_json.hpp"

namespace mw::connections {
namespace {

using testing::HasSubstr;

class ConnectionsTest : public testing::Test {
  protected:
    ConnectionsTest() {
        add_connection_endpoints(world_.api(), world_.pool(), sealer_);
        add_adapter_schema_endpoint(world_.api());
        account_ = world_.account();
        world_.act_as(account_);
        path_ = fmt::format("/api/v3/accounts/{}/connections/", account_);
        project_ = world_.value<Id>(
            "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
    }
    Id make(std::string body) {
        auto answer = world_.post(path_, std::move(body));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.data().at("id").to_number<Id>();
    }
    std::string one(Id id) { return fmt::format("{}{}/", path_, id); }
    boost::json::object secrets(Id id) {
        auto sealed =
            world_.value<pg::Bytes>("SELECT sealed_config AS v FROM connections WHERE id = $1", id);
        return crypto::open_json(sealer_, sealed.data, sealing_context(id)).value();
    }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Id account_ = 0;
    Id project_ = 0;
    std::string path_;
};

constexpr auto kDatabricks = R"({"name": "Lake", "adapter_version": "databricks_v0", "config":
    {"host": "h", "http_path": "/x", "client_id": "me", "client_secret": "s3cret"}})";

TEST_F(ConnectionsTest, SecretsAreSealedAndNeverShown) {
    auto made = world_.post(path_, kDatabricks);
    EXPECT_EQ(made.body.find("s3cret"), std::string::npos);
    EXPECT_EQ(made.data().at("config").at("host").as_string(), "h");
    EXPECT_FALSE(made.data().at("config").as_object().contains("client_secret"));
    auto id = made.data().at("id").to_number<Id>();
    EXPECT_EQ(secrets(id).at("client_secret").as_string(), "s3cret");
    EXPECT_EQ(world_.get(path_).body.find("s3cret"), std::string::npos);
}

TEST_F(ConnectionsTest, AnUpdateKeepsWhatItLeavesOut) {
    auto id = make(kDatabricks);
    auto changed = world_.call(
        "PATCH", one(id),
        R"({"config": {"catalog": "main", "client_id": "you", "client_secret": null}})");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.data().at("config").at("host").as_string(), "h");
    EXPECT_EQ(changed.data().at("config").at("catalog").as_string(), "main");
    EXPECT_EQ(secrets(id).at("client_id").as_string(), "you");
    EXPECT_EQ(secrets(id).at("client_secret").as_string(), "s3cret");
    EXPECT_THAT(world_.call("PATCH", one(id), R"({"adapter_version": "postgres_v0"})").message(),
                HasSubstr("can't be changed"));
}

TEST_F(ConnectionsTest, AnAdapterThatIsNoneIsRefused) {
    EXPECT_THAT(world_.post(path_, R"({"name": "x", "adapter_version": "abacus_v0"})").message(),
                HasSubstr("adapter_version: `abacus_v0` is not one of"));
    EXPECT_THAT(world_.post(path_, R"({"name": "x"})").message(),
                HasSubstr("adapter_version: is required"));
    EXPECT_THAT(
        world_.post(path_, R"({"name": "x", "adapter_version": "postgres_v0", "config": 3})")
            .message(),
        HasSubstr("config"));
}

TEST_F(ConnectionsTest, OneThatIsUsedStays) {
    auto id = make(R"({"name": "x", "adapter_version": "postgres_v0"})");
    world_.sql(
        "INSERT INTO environments (account_id, project_id, name, connection_id) "
        "VALUES ($1, $2, 'Prod', $3)",
        account_, project_, id);
    EXPECT_EQ(world_.get(one(id)).data().at("environment__count").to_number<int>(), 1);
    auto refused = world_.call("DELETE", one(id));
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.message(), HasSubstr("environment Prod"));
    EXPECT_EQ(world_.get(one(id)).status, 200);
    world_.sql("UPDATE environments SET state = 2");
    EXPECT_EQ(world_.call("DELETE", one(id)).status, 200);
}

TEST_F(ConnectionsTest, ClientsOfOldMakeThemInAProject) {
    auto path = fmt::format("/api/v3/accounts/{}/projects/{}/connections/", account_, project_);
    auto made = world_.post(path, R"({"name": "PG", "type": "postgres", "state": 1,
        "details": {"hostname": "db", "port": 5432, "dbname": "shop"}})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("type").as_string(), "postgres");
    EXPECT_EQ(made.data().at("adapter_version").as_string(), "postgres_v0");
    EXPECT_EQ(made.data().at("details").at("dbname").as_string(), "shop");
    auto id = made.data().at("id").to_number<Id>();
    EXPECT_EQ(world_.value<Id>("SELECT connection_id AS v FROM projects WHERE id = $1", project_),
              id);
    EXPECT_EQ(world_.get(path).data().as_array().size(), 1U);
    auto renamed = world_.post(fmt::format("{}{}/", path, id), R"({"name": "Postgres"})");
    EXPECT_EQ(renamed.data().at("name").as_string(), "Postgres");
    EXPECT_EQ(renamed.data().at("details").at("hostname").as_string(), "db");
}

TEST_F(ConnectionsTest, WhatOfACatalogIsKnownOfIsKept) {
    auto made = world_.post(path_, R"({"name": "PG", "adapter_version": "postgres_v0",
                                       "config": {"hostname": "db"}})");
    auto path = one(made.data().at("id").to_number<Id>()) + "catalog-configs/";
    EXPECT_TRUE(world_.get(path).data().at("schema_deny").as_array().empty());
    world_.call("PATCH", path, R"({"schema_allow": ["shop", "crm"], "view_deny": ["tmp_%"]})");
    auto changed = world_.call("PATCH", path, R"({"view_deny": []})");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(world_.get(path).data(), changed.data());
    EXPECT_EQ(changed.data().at("schema_allow").at(1).as_string(), "crm");
    EXPECT_TRUE(changed.data().at("view_deny").as_array().empty());
    EXPECT_EQ(changed.data().at("connection_id"), made.data().at("id"));
    EXPECT_THAT(world_.call("PATCH", path, R"({"table_deny": 5})").message(),
                HasSubstr("table_deny"));
    EXPECT_EQ(world_.get(one(987654) + "catalog-configs/").status, 404);
}

TEST_F(ConnectionsTest, AnAdaptersFieldsAreDescribed) {
    auto schema = world_.get(std::string("/api/v3/adapter-schema/?adapter_version=snowflake_v0"))
                      .data()
                      .at("adapter");
    EXPECT_TRUE(schema.at("connection").at("fields").as_object().contains("account"));
    EXPECT_TRUE(
        schema.at("credential").at("fields").at("password").at("metadata").at("encrypt").as_bool());
    EXPECT_EQ(world_.get(std::string("/api/v3/adapter-schema/")).status, 400);
}

}  // namespace
}  // namespace mw::connections
