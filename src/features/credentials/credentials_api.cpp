#include "features/credentials/credentials_api.hpp"

#include "features/credentials/credentials_input.hpp"
#include "features/credentials/credentials_store.hpp"
#include "features/resources/resource_api.hpp"
#include "infra/crypto/sealed_json.hpp"

namespace mw::credentials {
namespace {

namespace asio = boost::asio;
using Change = resources::Change<Credentials>;

asio::awaitable<result<>> write_secrets(const crypto::Sealer& sealer, Change& change) {
    if (change.is_removal()) co_return result<>{};
    auto scratch = change.row;
    MW_CO_TRY(auto given, read_credentials(change.body, change.is_new(), scratch));
    if (given.empty()) co_return result<>{};
    auto sealed = change.row.sealed_fields
                      ? std::optional<std::string_view>(change.row.sealed_fields->data)
                      : std::nullopt;
    MW_CO_TRY(auto resealed,
              crypto::reseal_json(sealer, sealed, given, sealing_context(change.row.id)));
    co_return co_await set_sealed(change.tx, change.row.id, pg::Bytes{std::move(resealed)});
}

}  // namespace

void add_credentials_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer) {
    resources::Resource<Credentials> credentials{
        .noun = "set of credentials",
        .table = "credentials",
        .area = api::Area::credentials,
        .fields = {},
        .json = credentials_json,
        .schema = {{"adapter_version", {{"type", {"string", "null"}}}}},
        .check = [](Change& change) -> asio::awaitable<result<>> {
            auto outcome = read_credentials(change.body, change.is_new(), change.row);
            if (!outcome) co_return fail(outcome.error());
            co_return result<>{};
        },
        .written = [&sealer](Change& change) { return write_secrets(sealer, change); }};
    resources::add_resource(api, pool, std::move(credentials),
                            "/api/v3/accounts/{account_id}/projects/{project_id}/credentials/",
                            resources::kAll);
}

}  // namespace mw::credentials
