#include "features/integrations/integration_store.hpp"

namespace mw::integrations {
namespace {

namespace asio = boost::asio;

const pg::Query kSetSecrets{"integrations.set_secrets", R"(
UPDATE integrations SET sealed_config = $2::bytea WHERE id = $1)"};

const pg::Query kHasLineage{"integrations.has_lineage", R"(
SELECT 1 FROM integrations
WHERE account_id = $1 AND project_id = $2 AND id = $3 AND kind = 'lineage' AND state = 1)"};

const pg::Query kSelections{"integrations.selections", R"(
SELECT identifier, name, type FROM lineage_selections WHERE integration_id = $1
ORDER BY name, identifier)"};

const pg::Query kAddSelection{"integrations.add_selection", R"(
INSERT INTO lineage_selections AS s (integration_id, identifier, name, type) VALUES ($1, $2, $3, $4)
ON CONFLICT (integration_id, identifier) DO UPDATE SET name = excluded.name, type = excluded.type
RETURNING s.xmax = 0 AS made)"};

const pg::Query kRemoveSelection{"integrations.remove_selection", R"(
DELETE FROM lineage_selections WHERE integration_id = $1 AND identifier = $2)"};

const pg::Query kKnown{"integrations.known", R"(
SELECT EXISTS (SELECT 1 FROM integrations WHERE account_id = $1 AND id = $3 AND state = 1
                   AND kind = 'semantic_layer_credentials'
                   AND (project_id IS NULL OR project_id = $2)) AS credentials,
       EXISTS (SELECT 1 FROM api_tokens WHERE account_id = $1 AND id = $4 AND state = 1
                   AND kind = 'service') AS token)"};

}  // namespace

asio::awaitable<result<>> set_secrets(pg::Connection& tx, Id id, pg::Bytes sealed) {
    MW_CO_CHECK(co_await tx.run(kSetSecrets, id, sealed));
    co_return result<>{};
}

asio::awaitable<result<bool>> has_lineage(pg::Connection& connection, Id account_id, Id project_id,
                                          Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kHasLineage, account_id, project_id, id));
    co_return !rows.empty();
}

asio::awaitable<result<std::vector<Selection>>> selections_of(pg::Connection& connection,
                                                              Id integration_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kSelections, integration_id));
    co_return rows.all<Selection>();
}

asio::awaitable<result<bool>> add_selection(pg::Connection& tx, Id integration_id,
                                            const Selection& selection) {
    MW_CO_TRY(auto rows, co_await tx.run(kAddSelection, integration_id, selection.identifier,
                                         selection.name, selection.type));
    co_return rows.get<bool>(0, "made");
}

asio::awaitable<result<bool>> remove_selection(pg::Connection& tx, Id integration_id,
                                               const std::string& identifier) {
    MW_CO_TRY(auto rows, co_await tx.run(kRemoveSelection, integration_id, identifier));
    co_return rows.affected() > 0;
}

asio::awaitable<result<Known>> known_of(pg::Connection& connection, Id account_id, Id project_id,
                                        Id credentials_id, Id token_id) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kKnown, account_id, project_id, credentials_id, token_id));
    co_return rows.as<Known>(0);
}

}  // namespace mw::integrations
