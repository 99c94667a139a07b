#include "features/credentials/credentials_store.hpp"

#include "infra/crypto/sealed_json.hpp"

namespace mw::credentials {
namespace {

const pg::Query kFind{"credentials.find", R"(
SELECT id, account_id, project_id, type, adapter_version, schema, target_name, threads, fields, sealed_fields,
       state, created_at, updated_at
FROM credentials WHERE account_id = $1 AND id = $2 AND state = 1)"};

const pg::Query kInsert{"credentials.insert", R"(
INSERT INTO credentials (account_id, project_id, type, schema, threads, fields)
VALUES ($1, $2, $3, $4, $5, $6::jsonb) RETURNING id)"};

const pg::Query kSetSealed{"credentials.set_sealed",
                           "UPDATE credentials SET sealed_fields = $2::bytea WHERE id = $1"};

}  // namespace

std::string sealing_context(Id id) {
    return "credentials:" + std::to_string(id);
}

boost::asio::awaitable<result<std::optional<Credentials>>> find_credentials(pg::Pool& pool,
                                                                            Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, account_id, id));
    co_return rows.first<Credentials>();
}

boost::asio::awaitable<result<>> set_sealed(pg::Connection& connection, Id id, pg::Bytes sealed) {
    MW_CO_CHECK(co_await connection.run(kSetSealed, id, sealed));
    co_return result<>{};
}

boost::asio::awaitable<result<Id>> insert_credentials(pg::Connection& connection,
                                                      const crypto::Sealer& sealer,
                                                      NewCredentials values) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kInsert, values.account_id, values.project_id, values.type,
                                      values.schema, values.threads, values.fields));
    auto id = rows.get<Id>(0, "id");
    if (!values.secret_fields.empty()) {
        MW_CO_CHECK(co_await set_sealed(
            connection, id,
            pg::Bytes{crypto::seal_json(sealer, values.secret_fields, sealing_context(id))}));
    }
    co_return id;
}

}  // namespace mw::credentials
