#include "features/sample/sample_service.hpp"

#include "features/accounts/account_store.hpp"
#include "features/audit/audit_store.hpp"
#include "features/auth/auth_store.hpp"
#include "features/connections/connection_store.hpp"
#include "features/credentials/credentials_store.hpp"
#include "features/environments/environment_store.hpp"
#include "features/groups/group_store.hpp"
#include "features/projects/project_store.hpp"
#include "features/repositories/repository_store.hpp"
#include "features/users/user_store.hpp"

namespace mw::sample {
namespace {

namespace asio = boost::asio;

constexpr const char* kAccountIdentifier = "act_sample";
constexpr const char* kProject = "Shop";

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
    MW_CO_CHECK(co_await users::insert_member(
        connection,
        {.account_id = sample.account_id, .user_id = sample.user_id, .is_owner = true}));
    MW_CO_CHECK(co_await groups::add_first_groups(connection, sample.account_id));
    MW_CO_CHECK(
        co_await groups::join_first_groups(connection, sample.account_id, sample.user_id, true));
    co_return sample;
}

}  // namespace

asio::awaitable<result<LoadedSample>> load_sample(pg::Connection& connection,
                                                  const crypto::Sealer& sealer,
                                                  const Layout& layout,
                                                  const std::filesystem::path& repository,
                                                  const SampleSignIn& sign_in) {
    MW_CO_TRY(auto found, co_await find_sample(connection, kAccountIdentifier, kEmail, kProject));
    LoadedSample sample;
    if (found) {
        sample = *found;
    } else {
        MW_CO_TRY(sample, co_await add_account(connection));
    }
    if (!sample.environment_id)
        MW_CO_CHECK(co_await add_project(connection, sealer, layout, repository, sample));
    MW_CO_CHECK(co_await users::set_password(connection, sample.user_id, sign_in.password_hash));
    MW_CO_CHECK(co_await auth::insert_token(
        connection, {sample.account_id, sample.user_id, "Sample", sign_in.token_hash}));
    MW_CO_CHECK(co_await audit::record_system(connection, sample.account_id, "millwright admin",
                                              {"sample.loaded", "project", sample.project_id}));
    co_return sample;
}

}  // namespace mw::sample
