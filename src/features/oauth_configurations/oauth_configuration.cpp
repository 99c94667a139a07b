#include "features/oauth_configurations/oauth_configuration.hpp"

#include "features/oauth_configurations/oauth_configuration_store.hpp"
#include "features/resources/resource_api.hpp"

namespace mw::oauth_configurations {
namespace {

namespace asio = boost::asio;
using Row = OauthConfiguration;

result<std::string> secret_of(const resources::Change<Row>& change) {
    JsonReader in(change.body);
    std::string secret;
    in.keep("client_secret", secret, {0, 4096});
    MW_CHECK(in.finish());
    return secret;
}

asio::awaitable<result<>> keep_secret(const crypto::Sealer& sealer,
                                      resources::Change<Row>& change) {
    MW_CO_TRY(auto secret, secret_of(change));
    // A client that was not shown it sends it back empty.
    if (secret.empty()) co_return result<>{};
    change.row.sealed_client_secret =
        pg::Bytes{sealer.seal(Secret(std::move(secret)), sealing_context(change.row.id))};
    co_return co_await set_client_secret(change.tx, change.row.id,
                                         *change.row.sealed_client_secret);
}

}  // namespace

std::string sealing_context(Id id) {
    return "oauth_configurations:" + std::to_string(id);
}

void add_oauth_configuration_endpoints(api::Api& api, pg::Pool& pool,
                                       const crypto::Sealer& sealer) {
    using resources::field;
    resources::Resource<Row> configurations{
        .noun = "OAuth configuration",
        .table = "oauth_configurations",
        .area = api::Area::connections,
        .fields = {field(&Row::type, {.required = true, .most = 64}),
                   field(&Row::name, {.most = 255}), field(&Row::client_id),
                   field(&Row::authorize_url, {.most = 2048}),
                   field(&Row::token_url, {.most = 2048}),
                   field(&Row::redirect_uri, {.most = 2048}), field(&Row::extra_data)},
        .json =
            [](const Row& row) {
                auto json = described_to_json(row);
                if (row.extra_data.empty()) json["extra_data"] = nullptr;
                return json;
            },
        .schema = {{"extra_data", {{"type", {"object", "null"}}}}},
        .check = [](resources::Change<Row>& change) -> asio::awaitable<result<>> {
            auto secret = secret_of(change);
            if (!secret) co_return fail(secret.error());
            co_return result<>{};
        },
        .written =
            [&sealer](resources::Change<Row>& change) { return keep_secret(sealer, change); }};
    resources::add_resource(api, pool, std::move(configurations),
                            "/api/v3/accounts/{account_id}/oauth-configurations/");
}

}  // namespace mw::oauth_configurations
