#include "dbt/adapters/output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mw::dbt {
namespace {

using testing::HasSubstr;
using testing::Not;

namespace json = boost::json;

json::object object(std::string_view text) {
    return json::parse(text).as_object();
}

result<json::object> output_of(std::string_view adapter, std::string_view connection,
                               std::string_view credentials, std::string_view attributes = "{}") {
    MW_TRY(const auto* found, find_adapter(adapter));
    auto left = object(connection);
    auto right = object(credentials);
    auto over = object(attributes);
    return make_output(*found, {.connection = left,
                                .credentials = right,
                                .schema = "s",
                                .threads = 4,
                                .extended_attributes = over});
}

std::string field_of(const result<json::object>& output) {
    EXPECT_FALSE(output);
    if (output || output.error().fields.empty()) return {};
    EXPECT_EQ(output.error().code, Errc::invalid_argument);
    return output.error().fields.front().field;
}

struct Case {
    std::string_view what;
    std::string_view adapter;
    std::string_view connection;
    std::string_view credentials;
    std::string_view output;  // without type, schema and threads
};

constexpr std::string_view kServiceAccount = R"({"project_id": "p", "private_key_id": "i",
    "private_key": "-----BEGIN PRIVATE KEY-----\nabc\n", "client_email": "a@b.example",
    "client_id": "11", "auth_uri": "https://auth.example", "token_uri": "https://token.example",
    "auth_provider_x509_cert_url": "https://certs.example",
    "client_x509_cert_url": "https://cert.example",
    "application_id": "app", "application_secret": "app-secret",
    "timeout_seconds": 300, "location": "EU", "retries": 1})";

constexpr Case kCases[] = {
    {"postgres", "postgres_v0", R"({"hostname": "h", "dbname": "d", "retries": 2})",
     R"({"username": "u", "password": "p", "default_schema": "x", "type": "postgres"})",
     R"({"host": "h", "port": 5432, "dbname": "d", "user": "u", "password": "p", "retries": 2})"},
    {"redshift, password", "redshift_v0", R"({"hostname": "h", "dbname": "d", "port": "5555"})",
     R"({"auth_type": "password", "username": "u", "password": "p"})",
     R"({"host": "h", "port": 5555, "dbname": "d", "method": "database", "user": "u",
         "password": "p"})"},
    {"redshift, IAM", "redshift_v0", R"({"hostname": "h", "dbname": "d"})",
     R"({"auth_type": "iam", "username": "u", "password": "left over", "cluster_id": "c",
         "region": "eu-west-1", "access_key_id": "k", "secret_access_key": "s"})",
     R"({"host": "h", "port": 5439, "dbname": "d", "method": "iam", "user": "u", "cluster_id": "c",
         "region": "eu-west-1", "access_key_id": "k", "secret_access_key": "s"})"},
    {"redshift, IAM role", "redshift_v0", R"({"hostname": "h", "dbname": "d"})",
     R"({"method": "iam_role", "cluster_id": "c", "region": "eu-west-1"})",
     R"({"host": "h", "port": 5439, "dbname": "d", "method": "iam_role", "cluster_id": "c",
         "region": "eu-west-1"})"},
    {"redshift, identity centre", "redshift_v0", R"({"hostname": "h", "dbname": "d"})",
     R"({"auth_type": "external_oauth",
         "token_endpoint": {"type": "okta", "request_url": "u", "request_data": "{d}"}})",
     R"({"host": "h", "port": 5439, "dbname": "d", "method": "oauth_token_identity_center",
         "token_endpoint": {"type": "okta", "request_url": "u",
                            "request_data": "{{ \"\\x7bd\\x7d\" }}"}})"},
    {"snowflake, password", "snowflake_v0",
     R"({"account": "a", "database": "d", "warehouse": "w", "role": "r", "allow_sso": true,
         "oauth_client_id": "c", "oauth_client_secret": "s", "client_session_keep_alive": false})",
     R"({"auth_type": "password", "user": "u", "password": "p", "private_key": null,
         "role": "narrow", "warehouse": ""})",
     R"({"account": "a", "database": "d", "warehouse": "w", "role": "narrow", "user": "u",
         "password": "p", "client_session_keep_alive": false})"},
    {"snowflake, key pair", "snowflake_v0",
     R"({"account": "a", "database": "d", "warehouse": "w"})",
     R"({"auth_type": "keypair", "user": "u", "private_key": "-----BEGIN\nk\n",
         "private_key_passphrase": "s", "password": "left over"})",
     R"({"account": "a", "database": "d", "warehouse": "w", "user": "u",
         "private_key": "-----BEGIN\nk\n", "private_key_passphrase": "s"})"},
    {"snowflake, OAuth", "snowflake_v0",
     R"({"account": "a", "database": "d", "warehouse": "w", "oauth_client_id": "c",
         "oauth_client_secret": "s"})",
     R"({"auth_type": "sso", "user": "u", "_refresh_token": "t"})",
     R"({"account": "a", "database": "d", "warehouse": "w", "authenticator": "oauth",
         "user": "u", "token": "t", "oauth_client_id": "c", "oauth_client_secret": "s"})"},
    {"snowflake, access token", "snowflake_v0",
     R"({"account": "a", "database": "d", "warehouse": "w"})",
     R"({"auth_type": "external_oauth", "token": "t"})",
     R"({"account": "a", "database": "d", "warehouse": "w", "authenticator": "oauth",
         "token": "t"})"},
    {"bigquery, service account", "bigquery_v0", kServiceAccount, R"({"project_id": 7})",
     R"({"project": "p", "method": "service-account-json", "location": "EU", "job_retries": 1,
         "job_execution_timeout_seconds": 300,
         "keyfile_json": {"type": "service_account", "project_id": "p", "private_key_id": "i",
             "private_key": "-----BEGIN PRIVATE KEY-----\nabc\n", "client_email": "a@b.example",
             "client_id": "11", "auth_uri": "https://auth.example",
             "token_uri": "https://token.example",
             "auth_provider_x509_cert_url": "https://certs.example",
             "client_x509_cert_url": "https://cert.example"}})"},
    {"bigquery, key file", "bigquery_v1",
     R"({"gcp_project_id": "p", "scopes": ["a", "b"], "dataproc_region": "r",
         "job_execution_timeout_seconds": 10, "deployment_env_auth_type": "service-account-json"})",
     R"({"keyfile_json": "{\"private_key\": \"k\", \"client_email\": \"e\", \"token_uri\": \"t\"}"})",
     R"({"project": "p", "method": "service-account-json", "scopes": ["a", "b"],
         "dataproc_region": "r", "job_execution_timeout_seconds": 10,
         "keyfile_json": {"type": "service_account", "project_id": "p", "private_key": "k",
                          "client_email": "e", "token_uri": "t"}})"},
    {"bigquery, OAuth", "bigquery_v1",
     R"({"project_id": "p", "application_id": "app", "application_secret": "x",
         "deployment_env_auth_type": "oauth-secrets"})",
     R"({"_refresh_token": "r"})",
     R"({"project": "p", "method": "oauth-secrets", "refresh_token": "r", "client_id": "app",
         "client_secret": "x", "token_uri": "https://oauth2.googleapis.com/token"})"},
    {"bigquery, workload identity", "bigquery_v1",
     R"({"project_id": "p", "application_id": "app", "application_secret": "x",
         "deployment_env_auth_type": "external-oauth-wif", "workload_pool_provider_path": "w",
         "token_endpoint": {"type": "entra"}})",
     "{}",
     R"({"project": "p", "method": "external-oauth-wif", "workload_pool_provider_path": "w",
         "token_endpoint": {"type": "entra"}})"},
    {"bigquery, the machine's account", "bigquery_v1",
     R"({"project_id": "p", "deployment_env_auth_type": "oauth"})", "{}",
     R"({"project": "p", "method": "oauth"})"},
    {"databricks, token", "databricks_v0",
     R"({"host": "x.databricks.com", "http_path": "/sql/1", "catalog": "main", "client_id": "c",
         "client_secret": "s"})",
     R"({"token": "t"})",
     R"({"host": "x.databricks.com", "http_path": "/sql/1", "catalog": "main", "token": "t"})"},
    {"databricks, OAuth", "databricks_v0",
     R"({"host": "x.databricks.com", "http_path": "/sql/1", "catalog": "", "client_id": "c",
         "client_secret": "s", "scopes": ["sql"]})",
     "{}",
     R"({"host": "x.databricks.com", "http_path": "/sql/1", "auth_type": "oauth",
         "client_id": "c", "client_secret": "s", "oauth_scopes": ["sql"]})"},
    {"apache spark, http", "apache_spark_v0",
     R"({"host": "h", "cluster": "c", "method": "http", "connect_timeout": 10, "connect_retries": 0,
         "organization": "", "user": "", "auth": "", "port": 443})",
     R"({"token": "t"})",
     R"({"method": "http", "host": "h", "cluster": "c", "token": "t", "connect_timeout": 10,
         "connect_retries": 0, "port": 443})"},
    {"apache spark, thrift", "apache_spark_v0",
     R"({"host": "h", "cluster": "c", "method": "thrift", "user": "hive", "auth": "KERBEROS",
         "kerberos_service_name": "hive", "port": 10000})",
     "{}",
     R"({"method": "thrift", "host": "h", "user": "hive", "auth": "KERBEROS",
         "kerberos_service_name": "hive", "port": 10000})"},
    {"databricks spark", "databricks_spark_v0",
     R"({"host": "h", "method": "odbc", "endpoint": "e", "cluster": ""})", R"({"token": "t"})",
     R"({"method": "odbc", "host": "h", "endpoint": "e", "token": "t", "port": 443,
         "driver": "/opt/simba/spark/lib/64/libsparkodbc_sb64.so"})"},
    {"trino, LDAP", "trino_v0", R"({"host": "h", "method": "ldap"})",
     R"({"user": "u", "password": "p", "database": "d"})",
     R"({"method": "ldap", "host": "h", "port": 443, "user": "u", "password": "p",
         "database": "d"})"},
    {"trino, JWT", "starburst", R"({"host": "h", "port": 8443, "catalog": "d"})",
     R"({"jwt_token": "t", "user": "u"})",
     R"({"method": "jwt", "host": "h", "port": 8443, "database": "d", "jwt_token": "t",
         "user": "u"})"},
    {"trino without a password", "trino_v0",
     R"({"host": "h", "method": "none", "port": 8080, "http_scheme": "http"})",
     R"({"user": "u", "database": "d"})",
     R"({"method": "none", "host": "h", "port": 8080, "http_scheme": "http", "user": "u",
         "database": "d"})"},
    {"athena, keys", "athena_v0",
     R"({"region_name": "eu-west-1", "database": "awsdatacatalog", "s3_staging_dir": "s3://b/p/",
         "work_group": "w", "poll_interval": 1, "num_retries": 3})",
     R"({"aws_access_key_id": "k", "aws_secret_access_key": "s"})",
     R"({"region_name": "eu-west-1", "database": "awsdatacatalog", "s3_staging_dir": "s3://b/p/",
         "work_group": "w", "poll_interval": 1, "num_retries": 3, "aws_access_key_id": "k",
         "aws_secret_access_key": "s"})"},
    {"athena, the machine's role", "athena_v0",
     R"({"region_name": "eu-west-1", "database": "d", "s3_staging_dir": "s3://b/p/"})", "{}",
     R"({"region_name": "eu-west-1", "database": "d", "s3_staging_dir": "s3://b/p/"})"},
    {"synapse, SQL", "synapse_v0",
     R"({"host": "h", "database": "d", "port": 1433, "retries": 1, "login_timeout": 0,
         "driver": "ODBC Driver 17 for SQL Server"})",
     R"({"authentication": "sql", "user": "u", "password": "p", "schema_authorization": "o"})",
     R"({"driver": "ODBC Driver 17 for SQL Server", "host": "h", "database": "d", "retries": 1,
         "login_timeout": 0, "authentication": "sql", "user": "u", "password": "p",
         "schema_authorization": "o"})"},
    {"synapse, another port", "synapse_v0", R"({"host": "h", "database": "d", "port": 1444})",
     R"({"authentication": "ActiveDirectoryPassword", "user": "u", "password": "p"})",
     R"({"driver": "ODBC Driver 18 for SQL Server", "host": "h,1444", "database": "d",
         "authentication": "ActiveDirectoryPassword", "user": "u", "password": "p"})"},
    {"fabric, service principal", "fabric_v0",
     R"({"server": "h", "database": "d", "query_timeout": 0})",
     R"({"authentication": "ServicePrincipal", "tenant_id": "t", "client_id": "c",
         "client_secret": "s", "user": "", "password": ""})",
     R"({"driver": "ODBC Driver 18 for SQL Server", "host": "h", "database": "d",
         "query_timeout": 0, "authentication": "ActiveDirectoryServicePrincipal",
         "tenant_id": "t", "client_id": "c", "client_secret": "s"})"},
    {"fabric, password", "fabric_v0", R"({"server": "h", "database": "d"})",
     R"({"user": "u", "password": "p"})",
     R"({"driver": "ODBC Driver 18 for SQL Server", "host": "h", "database": "d",
         "authentication": "ActiveDirectoryPassword", "user": "u", "password": "p"})"},
    {"teradata", "teradata_v0", R"({"host": "h", "port": 1025, "tmode": "ANSI", "retries": 3})",
     R"({"user": "u", "password": "p"})",
     R"({"host": "h", "port": "1025", "tmode": "ANSI", "retries": 3, "user": "u",
         "password": "p"})"},
    {"duckdb", "duckdb_v0",
     R"({"path": "md:db", "retries": {"connect_attempts": 1}, "extensions": ["httpfs"]})",
     R"({"motherduck_token": "t"})",
     R"({"path": "md:db", "retries": {"connect_attempts": 1}, "extensions": ["httpfs"],
         "motherduck_token": "t"})"},
    {"clickhouse", "clickhouse_v0", R"({"host": "h", "port": "8443", "secure": "true"})",
     R"({"user": "u", "password": "p"})",
     R"({"host": "h", "port": 8443, "secure": true, "user": "u", "password": "p"})"},
};

TEST(AdapterOutput, EveryAdapterAndWayToSignIn) {
    for (const auto& c : kCases) {
        auto output = output_of(c.adapter, c.connection, c.credentials);
        ASSERT_TRUE(output) << c.what << ": " << output.error().message;
        auto wanted = object(c.output);
        wanted["type"] = (*find_adapter(c.adapter))->type;
        wanted["schema"] = "s";
        wanted["threads"] = 4;
        EXPECT_EQ(json::value(*output), json::value(wanted))
            << c.what << "\n  " << json::serialize(*output) << "\n  " << json::serialize(wanted);
    }
}

TEST(AdapterOutput, EveryAdapterHasItsCase) {
    for (const auto* adapter : adapters())
        EXPECT_TRUE(std::ranges::any_of(kCases, [&](const Case& c) {
            return *find_adapter(c.adapter) == adapter;
        })) << adapter->name;
}

TEST(AdapterOutput, NamesTheMissingField) {
    auto snowflake = R"({"account": "a", "database": "d", "warehouse": "w"})";
    EXPECT_EQ(field_of(output_of("snowflake", "{}", "{}")), "account");
    EXPECT_EQ(field_of(output_of("snowflake", snowflake, R"({"auth_type": "keypair",
              "user": "u"})")),
              "private_key");
    EXPECT_EQ(field_of(output_of("snowflake", snowflake, R"({"user": "u"})")), "password");
    EXPECT_EQ(field_of(output_of("snowflake", snowflake, R"({"auth_type": "sso"})")), "token");
    EXPECT_EQ(field_of(output_of("bigquery_v1", R"({"project_id": "p"})", "{}")), "private_key");
    EXPECT_EQ(field_of(output_of("bigquery_v1", "{}", "{}")), "gcp_project_id");
    EXPECT_EQ(field_of(output_of("databricks", R"({"host": "h", "http_path": "p"})", "{}")),
              "token");
    EXPECT_EQ(field_of(output_of("redshift", R"({"hostname": "h", "dbname": "d"})",
                                 R"({"auth_type": "iam"})")),
              "username");
    EXPECT_EQ(field_of(output_of("trino", R"({"host": "h"})", R"({"user": "u"})")), "database");
    EXPECT_EQ(field_of(output_of("fabric", R"({"database": "d"})", "{}")), "server");
}

TEST(AdapterOutput, NamesTheMistypedField) {
    auto field = [](std::string_view adapter, std::string_view connection) {
        auto output = output_of(adapter, connection, R"({"password": "hunter2"})");
        EXPECT_THAT(output.error().message, Not(HasSubstr("wrong-value")));
        EXPECT_THAT(output.error().message + output.error().detail, Not(HasSubstr("hunter2")));
        return field_of(output);
    };
    EXPECT_EQ(field("postgres", R"({"port": "wrong-value"})"), "port");
    EXPECT_EQ(field("postgres", R"({"port": 5432.5})"), "port");
    EXPECT_EQ(field("postgres", R"({"hostname": {"wrong-value": 1}})"), "hostname");
    EXPECT_EQ(field("snowflake", R"({"client_session_keep_alive": "wrong-value"})"),
              "client_session_keep_alive");
    EXPECT_EQ(field("bigquery", R"({"scopes": "wrong-value"})"), "scopes");
    EXPECT_EQ(field("bigquery", R"({"keyfile_json": "wrong-value"})"), "keyfile_json");
    EXPECT_EQ(field("athena", R"({"poll_interval": "wrong-value"})"), "poll_interval");
    EXPECT_EQ(field("snowflake", R"({"auth_type": "wrong-value"})"), "auth_type");
    EXPECT_EQ(field("snowflake", R"({"auth_type": 1})"), "auth_type");
}

TEST(AdapterOutput, LeavesJinjaToDbt) {
    auto output = output_of("postgres", R"({"hostname": "h", "dbname": "d",
        "port": "{{ env_var('DBT_PORT') | as_number }}"})",
                            R"({"username": "{{ env_var('DBT_USER') }}", "password": "{{ p }}"})");
    ASSERT_TRUE(output);
    EXPECT_EQ(output->at("port"), "{{ env_var('DBT_PORT') | as_number }}");
    EXPECT_EQ(output->at("user"), "{{ env_var('DBT_USER') }}");
    EXPECT_EQ(output->at("password"), R"({{ "\x7b\x7b p \x7d\x7d" }})");
}

TEST(AdapterOutput, ExtendedAttributesHaveTheLastWord) {
    auto connection = R"({"account": "a", "database": "d", "warehouse": "w"})";
    auto password = R"({"auth_type": "password", "user": "u", "password": "p"})";
    // They complete what is missing…
    auto output = output_of("snowflake", connection, R"({"auth_type": "keypair", "user": "u"})",
                            R"({"private_key_path": "/keys/k", "role": "{{ env_var('R') }}"})");
    ASSERT_TRUE(output) << output.error().message;
    EXPECT_EQ(output->at("private_key_path"), "/keys/k");
    EXPECT_EQ(output->at("role"), "{{ env_var('R') }}");
    // … choose another way to sign in…
    output = output_of("snowflake", connection, password,
                       R"({"authenticator": "oauth", "token": "{{ env_var('T') }}"})");
    ASSERT_TRUE(output);
    EXPECT_FALSE(output->contains("password"));
    EXPECT_EQ(output->at("token"), "{{ env_var('T') }}");
    // … even one that is not in the table, for which all that is there is kept.
    output = output_of("snowflake", connection, password, R"({"authenticator": "ext_browser"})");
    ASSERT_TRUE(output);
    EXPECT_EQ(output->at("password"), "p");
    EXPECT_EQ(output->at("authenticator"), "ext_browser");
    // Another name of the same field replaces it: dbt refuses a profile with both.
    output = output_of("bigquery", kServiceAccount, "{}",
                       R"({"database": "other", "timeout_seconds": 5, "client_id": "x",
                           "keyfile_json": {"client_email": "c@d.example"}})");
    ASSERT_TRUE(output);
    EXPECT_EQ(output->at("project"), "other");
    EXPECT_EQ(output->at("job_execution_timeout_seconds"), 5);
    EXPECT_EQ(output->at("client_id"), "x");
    EXPECT_EQ(output->at("keyfile_json").at("client_email"), "c@d.example");
    EXPECT_EQ(output->at("keyfile_json").at("private_key_id"), "i");
}

TEST(Adapter, IsFoundByItsNames) {
    auto name = [](std::string_view text) { return (*find_adapter(text))->name; };
    EXPECT_EQ(name("snowflake_v0"), "snowflake");
    EXPECT_EQ(name("bigquery_v1"), "bigquery");
    EXPECT_EQ(name("bigquery"), "bigquery");
    EXPECT_EQ(name("databricks_spark_v0"), "databricks_spark");
    EXPECT_EQ(name("spark"), "apache_spark");
    EXPECT_EQ(name("starburst"), "trino");
    EXPECT_EQ((*find_adapter("databricks_spark"))->type, "spark");
    for (const auto* adapter : adapters())
        EXPECT_EQ(name(adapter->name), adapter->name);
    EXPECT_THAT(find_adapter("oracle_v0").error().message, HasSubstr("apache_spark, athena"));
    EXPECT_THAT(find_adapter("salesforce_v0").error().message, HasSubstr("Salesforce"));
    EXPECT_FALSE(find_adapter(""));
    EXPECT_FALSE(find_adapter("_v0"));
}

TEST(SecretField, IsInTheAdaptersTable) {
    struct Secret {
        std::string_view adapter;
        std::string_view secret;
        std::string_view open;
    };
    for (auto [adapter, secret, open] : std::to_array<Secret>({
             {"postgres", "password", "username"},
             {"postgres", "pass", "sslkey"},
             {"snowflake", "oauth_client_id", "account"},
             {"snowflake", "_refresh_token", "authenticator"},
             {"bigquery", "private_key", "private_key_id"},
             {"bigquery", "application_id", "client_id"},
             {"bigquery_v1", "keyfile_json", "token_uri"},
             {"databricks", "client_id", "http_path"},
             {"redshift", "secret_access_key", "access_key_id"},
             {"trino", "jwt_token", "client_private_key"},
             {"fabric", "client_secret", "client_id"},
             {"duckdb", "motherduck_token", "path"},
             // By their names, where no table has them.
             {"duckdb", "secret", "key_id"},
             {"postgres", "sslkey_password", "bypass_x"},
             {"unheard-of", "api_key", "schema"},
         })) {
        EXPECT_TRUE(is_secret_field(adapter, secret)) << adapter << ' ' << secret;
        EXPECT_FALSE(is_secret_field(adapter, open)) << adapter << ' ' << open;
    }
}

}  // namespace
}  // namespace mw::dbt
