#include "dbt/profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <boost/json/parse.hpp>

namespace mw::dbt {
namespace {

using testing::HasSubstr;
using testing::Not;

boost::json::object object(std::string_view text) {
    return boost::json::parse(text).as_object();
}

Profile postgres() {
    return {.name = "shop",
            .target_name = "prod",
            .adapter = "postgres",
            .connection = object(R"({"type": "postgres", "hostname": "db.example", "port": 5433,
                                     "dbname": "shop", "id": 5, "name": "Warehouse",
                                     "tunnel_enabled": false})"),
            .credentials = object(R"({"username": "dbt", "password": "p", "threads": 9})"),
            .schema = "analytics",
            .threads = 6,
            .extended_attributes = {}};
}

Profile duckdb() {
    return {.name = "shop",
            .adapter = "duckdb",
            .connection = object(R"({"path": "/data/w.duckdb"})"),
            .credentials = {},
            .schema = "main",
            .extended_attributes = {}};
}

YAML::Node target_of(const Profile& profile) {
    auto text = render_profiles_yml(profile);
    EXPECT_TRUE(text) << (text ? "" : text.error().message);
    if (!text) return {};
    auto root = YAML::Load(*text)[profile.name];
    EXPECT_EQ(root["target"].as<std::string>(), profile.target_name);
    return root["outputs"][profile.target_name];
}

std::string field_missing_in(const Profile& profile) {
    auto text = render_profiles_yml(profile);
    EXPECT_FALSE(text);
    if (text || text.error().fields.empty()) return {};
    EXPECT_EQ(text.error().code, Errc::invalid_argument);
    return text.error().fields.front().field;
}

TEST(Profile, Postgres) {
    EXPECT_EQ(*render_profiles_yml(postgres()),
              R"("shop":
  "target": "prod"
  "outputs":
    "prod":
      "type": "postgres"
      "host": "db.example"
      "port": 5433
      "dbname": "shop"
      "user": "dbt"
      "password": "p"
      "schema": "analytics"
      "threads": 6
)");
}

TEST(Profile, PostgresTakesDbtsOwnNamesToo) {
    auto profile = postgres();
    profile.connection = object(R"({"host": "h", "database": "d", "port": "15432",
                                    "sslmode": "require", "search_path": null})");
    profile.credentials = object(R"({"user": "u", "pass": "p"})");
    auto target = target_of(profile);
    EXPECT_EQ(target["dbname"].as<std::string>(), "d");
    EXPECT_EQ(target["port"].as<int>(), 15432);
    EXPECT_EQ(target["password"].as<std::string>(), "p");
    EXPECT_EQ(target["sslmode"].as<std::string>(), "require");
    EXPECT_FALSE(target["search_path"]);
}

TEST(Profile, PostgresHasItsPort) {
    auto profile = postgres();
    profile.connection.erase("port");
    EXPECT_EQ(target_of(profile)["port"].as<int>(), 5432);
    profile.connection["port"] = "{{ env_var('DBT_PORT') | as_number }}";
    EXPECT_THAT(target_of(profile)["port"].as<std::string>(), HasSubstr("env_var"));
}

TEST(Profile, DuckdbWaitsForItsFile) {
    auto target = target_of(duckdb());
    EXPECT_EQ(target["type"].as<std::string>(), "duckdb");
    EXPECT_EQ(target["path"].as<std::string>(), "/data/w.duckdb");
    EXPECT_EQ(target["retries"]["connect_attempts"].as<int>(), 6);
    EXPECT_EQ(target["retries"]["retryable_exceptions"][0].as<std::string>(), "IOException");

    auto profile = duckdb();
    profile.connection["retries"] = object(R"({"connect_attempts": 1})");
    EXPECT_EQ(target_of(profile)["retries"]["connect_attempts"].as<int>(), 1);
    EXPECT_FALSE(target_of(profile)["retries"]["retryable_exceptions"]);
}

TEST(Profile, DuckdbPassesItsOwnSettings) {
    auto profile = duckdb();
    profile.connection = object(R"({"path": ":memory:", "extensions": ["parquet", {"name": "x",
        "repo": "y"}], "settings": {"memory_limit": "1GB", "x": 0.5, "y": 1e30, "z": true,
        "n": null, "big": 18446744073709551615}, "attach": []})");
    auto target = target_of(profile);
    EXPECT_EQ(target["extensions"][1]["repo"].as<std::string>(), "y");
    EXPECT_EQ(target["settings"]["x"].as<double>(), 0.5);
    EXPECT_EQ(target["settings"]["y"].as<double>(), 1e30);
    EXPECT_TRUE(target["settings"]["z"].as<bool>());
    EXPECT_TRUE(target["settings"]["n"].IsNull());
    EXPECT_EQ(target["settings"]["big"].as<std::uint64_t>(), 18446744073709551615ULL);
    EXPECT_EQ(target["attach"].size(), 0U);
}

TEST(Profile, ExtendedAttributesHaveTheLastWord) {
    auto profile = duckdb();
    profile.connection["settings"] = object(R"({"memory_limit": "1GB", "threads": 1})");
    profile.extended_attributes = object(
        R"({"schema": "other", "threads": 32, "settings": {"memory_limit": "2GB"},
            "path": "{{ env_var('DBT_WAREHOUSE') }}"})");
    auto target = target_of(profile);
    EXPECT_EQ(target["schema"].as<std::string>(), "other");
    EXPECT_EQ(target["threads"].as<int>(), 32);
    EXPECT_EQ(target["settings"]["memory_limit"].as<std::string>(), "2GB");
    EXPECT_EQ(target["settings"]["threads"].as<int>(), 1);
    EXPECT_EQ(target["path"].as<std::string>(), "{{ env_var('DBT_WAREHOUSE') }}");

    auto other = postgres();
    other.extended_attributes =
        object(R"({"hostname": "replica", "password": "{{ env_var('P') }}"})");
    EXPECT_EQ(target_of(other)["host"].as<std::string>(), "replica");
    EXPECT_EQ(target_of(other)["password"].as<std::string>(), "{{ env_var('P') }}");
}

TEST(Profile, NoValueBecomesMarkup) {
    for (std::string_view nasty : {"a: b",
                                   "# c",
                                   "- x",
                                   "yes",
                                   "null",
                                   "0123",
                                   "1e5",
                                   "\"q\" 'q'",
                                   "back\\slash",
                                   "new\nline",
                                   "tab\t\x1b[31m",
                                   "ünïcode ✓ 😀",
                                   "\x7f",
                                   "&anchor *alias",
                                   "!tag",
                                   "|",
                                   "%",
                                   "@",
                                   "`",
                                   " lead",
                                   "trail ",
                                   ""}) {
        auto profile = postgres();
        profile.credentials["password"] = "x" + std::string(nasty);
        profile.connection["application_name"] = nasty;
        profile.schema = "s" + std::string(nasty);
        auto target = target_of(profile);
        EXPECT_EQ(target["password"].as<std::string>(), "x" + std::string(nasty));
        EXPECT_EQ(target["application_name"].as<std::string>(), nasty);
        EXPECT_EQ(target["application_name"].Tag(), "!") << "not a quoted text: " << nasty;
        EXPECT_EQ(target["schema"].as<std::string>(), "s" + std::string(nasty));
    }
}

TEST(Profile, SecretsAreNotRenderedAsJinja) {
    auto profile = postgres();
    profile.credentials["password"] = "a{{ b }}{% c %}{# d #}\"e\\f\ng";
    auto password = target_of(profile)["password"].as<std::string>();
    EXPECT_EQ(
        password,
        R"({{ "a\x7b\x7b b \x7d\x7d\x7b\x25 c \x25\x7d\x7b\x23 d \x23\x7d\x22e\x5cf\x0ag" }})");
}

TEST(Profile, NamesTheMissingField) {
    auto profile = postgres();
    profile.credentials.erase("password");
    EXPECT_EQ(field_missing_in(profile), "password");
    profile = postgres();
    profile.credentials["password"] = "";
    EXPECT_EQ(field_missing_in(profile), "password");
    profile = postgres();
    profile.connection.erase("hostname");
    EXPECT_EQ(field_missing_in(profile), "hostname");
    profile = postgres();
    profile.connection.erase("dbname");
    EXPECT_EQ(field_missing_in(profile), "dbname");
    profile = postgres();
    profile.schema = "";
    EXPECT_EQ(field_missing_in(profile), "schema");
    profile.extended_attributes["schema"] = "x";
    EXPECT_TRUE(render_profiles_yml(profile));
    profile = duckdb();
    profile.connection.erase("path");
    EXPECT_EQ(field_missing_in(profile), "path");
    profile = duckdb();
    profile.adapter = "oracle";
    EXPECT_EQ(field_missing_in(profile), "adapter");
    profile = duckdb();
    profile.name = "";
    EXPECT_EQ(field_missing_in(profile), "profile");
    profile = duckdb();
    profile.target_name = "";
    EXPECT_EQ(field_missing_in(profile), "target_name");
    profile = duckdb();
    profile.threads = 0;
    EXPECT_EQ(field_missing_in(profile), "threads");
}

TEST(Profile, ErrorsHoldNoValues) {
    auto profile = postgres();
    profile.credentials["password"] = "hunter2";
    profile.connection.erase("dbname");
    auto error = render_profiles_yml(profile).error();
    EXPECT_THAT(error.message + error.detail, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace mw::dbt
