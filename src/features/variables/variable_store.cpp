#include "features/variables/variable_store.hpp"

#include "dbt/variable.hpp"

namespace mw::variables {
namespace {

#define MW_VARIABLE                                                                     \
    "id, account_id, project_id, environment_id, job_id, user_id, name, value, state, " \
    "created_at, "                                                                      \
    "updated_at"

const pg::Query kList{"variables.list", "SELECT " MW_VARIABLE R"( FROM environment_variables
WHERE account_id = $1 AND project_id = $2 AND state = 1 ORDER BY name, id)"};

const pg::Query kLock{"variables.lock", "SELECT " MW_VARIABLE R"( FROM environment_variables
WHERE account_id = $1 AND project_id = $2 AND id = $3 AND state = 1 FOR UPDATE)"};

const pg::Query kPut{"variables.put", R"(
INSERT INTO environment_variables (account_id, project_id, environment_id, job_id, user_id, name,
                                   value)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (project_id, coalesce(environment_id, 0), coalesce(job_id, 0), coalesce(user_id, 0),
             name) WHERE state = 1
DO UPDATE SET value = excluded.value, sealed_value = NULL, updated_at = now()
RETURNING )" MW_VARIABLE};

const pg::Query kRename{"variables.rename", R"(
UPDATE environment_variables SET name = $2, updated_at = now() WHERE id = $1
RETURNING )" MW_VARIABLE};

const pg::Query kSetPlain{"variables.set_plain", R"(
UPDATE environment_variables SET value = $2, sealed_value = NULL, updated_at = now()
WHERE id = $1 RETURNING )" MW_VARIABLE};

const pg::Query kSeal{"variables.seal", R"(
UPDATE environment_variables SET value = NULL, sealed_value = $2::bytea, updated_at = now()
WHERE id = $1 RETURNING )" MW_VARIABLE};

const pg::Query kDelete{"variables.delete", R"(
UPDATE environment_variables SET state = 2, updated_at = now()
WHERE account_id = $1 AND project_id = $2 AND id = ANY($3::bigint[]) AND state = 1
RETURNING )" MW_VARIABLE};

const pg::Query kEnvironments{"variables.environments", R"(
SELECT id, name FROM environments
WHERE account_id = $1 AND project_id = $2 AND state = 1 ORDER BY id)"};

const pg::Query kEnvironmentOfJob{"variables.environment_of_job", R"(
SELECT environment_id FROM jobs
WHERE account_id = $1 AND project_id = $2 AND id = $3 AND state = 1)"};

// As features/worker_api opens it.
std::string sealing_context(Id id) {
    return "environment_variables:" + std::to_string(id);
}

Awaitable<Variable> seal(pg::Connection& tx, const crypto::Sealer& sealer, Id id,
                         const std::string& value) {
    pg::Bytes sealed{sealer.seal(Secret(value), sealing_context(id))};
    MW_CO_TRY(auto rows, co_await tx.run(kSeal, id, sealed));
    co_return rows.as<Variable>(0);
}

}  // namespace

Awaitable<std::vector<Variable>> list_variables(pg::Connection& connection, Id account_id,
                                                Id project_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kList, account_id, project_id));
    co_return rows.all<Variable>();
}

Awaitable<std::optional<Variable>> lock_variable(pg::Connection& tx, Id account_id, Id project_id,
                                                 Id id) {
    MW_CO_TRY(auto rows, co_await tx.run(kLock, account_id, project_id, id));
    co_return rows.first<Variable>();
}

Awaitable<Variable> put_variable(pg::Connection& tx, const crypto::Sealer& sealer,
                                 const Variable& variable, const std::string& value) {
    bool secret = dbt::is_secret_variable(variable.name);
    // A secret one is never written plainly, not even for the moment before it is sealed.
    MW_CO_TRY(auto rows, co_await tx.run(kPut, variable.account_id, variable.project_id,
                                         variable.environment_id, variable.job_id, variable.user_id,
                                         variable.name, secret ? std::string() : value));
    auto written = rows.as<Variable>(0);
    if (secret) co_return co_await seal(tx, sealer, written.id, value);
    co_return written;
}

Awaitable<Variable> change_variable(pg::Connection& tx, const crypto::Sealer& sealer,
                                    const Variable& variable, std::optional<std::string> value) {
    bool secret = dbt::is_secret_variable(variable.name);
    // What becomes a secret by its name is sealed, with the value that it has.
    if (!value && secret && variable.value) value = variable.value;
    if (!value && !secret && !variable.value)
        co_return fail_field("raw_value", "is required when a secret variable becomes a plain one");
    MW_CO_TRY(auto rows, co_await tx.run(kRename, variable.id, variable.name));
    if (!value) co_return rows.as<Variable>(0);
    if (secret) co_return co_await seal(tx, sealer, variable.id, *value);
    MW_CO_TRY(auto plain, co_await tx.run(kSetPlain, variable.id, *value));
    co_return plain.as<Variable>(0);
}

Awaitable<std::vector<Variable>> delete_variables(pg::Connection& tx, Id account_id, Id project_id,
                                                  std::vector<Id> ids) {
    MW_CO_TRY(auto rows, co_await tx.run(kDelete, account_id, project_id, ids));
    co_return rows.all<Variable>();
}

Awaitable<std::vector<PlaceName>> environments_of(pg::Connection& connection, Id account_id,
                                                  Id project_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kEnvironments, account_id, project_id));
    co_return rows.all<PlaceName>();
}

Awaitable<std::optional<Id>> environment_of_job(pg::Connection& connection, Id account_id,
                                                Id project_id, Id job_id) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kEnvironmentOfJob, account_id, project_id, job_id));
    co_return rows.empty() ? std::nullopt : std::optional(rows.get<Id>(0, "environment_id"));
}

}  // namespace mw::variables
