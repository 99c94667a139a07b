#include "roles/cli/sample_loader.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cstdio>

#include "features/accounts/account_store.hpp"
#include "features/audit/audit_store.hpp"
#include "features/auth/auth_store.hpp"
#include "features/connections/connection_store.hpp"
#include "features/credentials/credentials_store.hpp"
#include "features/environments/environment_store.hpp"
#include "features/projects/project_store.hpp"
#include "features/repositories/repository_store.hpp"
#include "features/users/user_store.hpp"
#include "infra/crypto/password.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"
#include "roles/cli/operator_database.hpp"
#include "roles/cli/sample_repository.hpp"
#include "roles/cli/sample_store.hpp"

namespace mw::cli {
namespace {

namespace asio = boost::asio;

constexpr const char* kAccountIdentifier = "act_sample";
constexpr const char* kEmail = "admin@millwright.local";
constexpr const char* kProject = "Shop";

struct Secrets {
    std::string password = crypto::random_hex(8);
    std::string password_hash;
    std::string token = crypto::random_token(crypto::kPersonalTokenPrefix);
};

// Each environment has a DuckDB file of its own: one process at a time may write a file.
asio::awaitable<result<Id>> add_environment(pg::Connection& connection,
                                            const crypto::Sealer& sealer, const Layout& layout,
                                            Id account_id, Id project_id,
                                            environments::NewEnvironment environment) {
    auto file = layout.data_dir / "warehouse" / ("shop_" + environment.type + ".duckdb");
    MW_CO_TRY(environment.connection_id,
              co_await connections::insert_connection(connection, sealer,
                                                      {account_id,
                                                       "DuckDB " + environment.name,
                                                       "duckdb_v0",
                                                       {{"path", file.string()}},
                                                       {}}));
    MW_CO_TRY(environment.credentials_id,
              co_await credentials::insert_credentials(
                  connection, sealer, {account_id, project_id, "adapter", "analytics", 4, {}, {}}));
    environment.account_id = account_id;
    environment.project_id = project_id;
    co_return co_await environments::insert_environment(connection, std::move(environment));
}

asio::awaitable<result<>> add_project(pg::Connection& connection, const crypto::Sealer& sealer,
                                      const Layout& layout, const std::filesystem::path& repository,
                                      LoadedSample& sample) {
    MW_CO_TRY(auto project_id, co_await projects::insert_project(connection, sample.account_id,
                                                                 kProject, std::nullopt));
    MW_CO_TRY(auto repository_id, co_await repositories::insert_repository(
                                      connection, sample.account_id, project_id,
                                      "file://" + repository.string(), "git_token"));
    MW_CO_CHECK(co_await projects::set_repository(connection, project_id, repository_id));
    MW_CO_TRY(sample.environment_id,
              co_await add_environment(connection, sealer, layout, sample.account_id, project_id,
                                       {.name = "Production", .deployment_type = "production"}));
    MW_CO_CHECK(co_await add_environment(connection, sealer, layout, sample.account_id, project_id,
                                         {.name = "Development", .type = "development"}));
    sample.project_id = project_id;
    co_return result<>{};
}

asio::awaitable<result<LoadedSample>> add_account(pg::Connection& connection) {
    LoadedSample sample;
    MW_CO_TRY(sample.account_id,
              co_await accounts::insert_account(connection, "Millwright", kAccountIdentifier));
    MW_CO_TRY(sample.user_id,
              co_await users::insert_user(connection, {kEmail, "Sample", "Admin", std::nullopt}));
    MW_CO_CHECK(co_await users::insert_member(connection, sample.account_id, sample.user_id, true));
    co_return sample;
}

asio::awaitable<result<LoadedSample>> load(pg::Connection& connection, const crypto::Sealer& sealer,
                                           const Layout& layout,
                                           const std::filesystem::path& repository,
                                           const Secrets& secrets) {
    MW_CO_TRY(auto found, co_await find_sample(connection, kAccountIdentifier, kEmail, kProject));
    LoadedSample sample;
    if (found) {
        sample = *found;
    } else {
        MW_CO_TRY(sample, co_await add_account(connection));
    }
    if (!sample.environment_id)
        MW_CO_CHECK(co_await add_project(connection, sealer, layout, repository, sample));
    MW_CO_CHECK(co_await users::set_password(connection, sample.user_id, secrets.password_hash));
    MW_CO_CHECK(co_await auth::insert_token(
        connection,
        {sample.account_id, sample.user_id, "Sample", crypto::hash_token(secrets.token)}));
    MW_CO_CHECK(co_await audit::record_system(connection, sample.account_id, "millwright admin",
                                              {"sample.loaded", "project", sample.project_id}));
    co_return sample;
}

void print(const LoadedSample& sample, const Secrets& secrets) {
    boost::json::object json{{"account_id", sample.account_id},
                             {"project_id", *sample.project_id},
                             {"environment_id", *sample.environment_id},
                             {"email", kEmail},
                             {"password", secrets.password},
                             {"token", secrets.token}};
    fmt::print("{}\n", boost::json::serialize(json));
}

result<> load_and_print(const Layout& layout) {
    MW_CHECK(become_data_owner(layout));
    MW_TRY(auto repository, make_sample_repository(layout));
    std::error_code ignored;
    std::filesystem::create_directories(layout.data_dir / "warehouse", ignored);
    Secrets secrets;
    MW_TRY(secrets.password_hash, crypto::hash_password(Secret(secrets.password)));
    return with_database(
        layout, [&](pg::Pool& pool, const crypto::Sealer& sealer) -> asio::awaitable<result<>> {
            auto body = [&](pg::Connection& connection) {
                return load(connection, sealer, layout, repository, secrets);
            };
            MW_CO_TRY(auto sample, co_await pg::with_tx(pool, body));
            print(sample, secrets);
            co_return result<>{};
        });
}

}  // namespace

int load_sample(const Layout& layout) {
    auto loaded = load_and_print(layout);
    if (loaded) return 0;
    fmt::print(stderr, "millwright: {}\n", loaded.error().message);
    return 1;
}

}  // namespace mw::cli
