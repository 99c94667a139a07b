#include "features/oauth_configurations/oauth_configuration.hpp"

#include "features/resources/resource_api.hpp"

namespace mw::oauth_configurations {
namespace {

namespace asio = boost::asio;
using Row = OauthConfiguration;

result<> take_secret(const crypto::Sealer& sealer, resources::Change<Row>& change) {
    JsonReader in(change.body);
    std::string secret;
    in.keep("client_secret", secret, {0, 4096});
    MW_CHECK(in.finish());
    // A client that was not shown it sends it back empty.
    if (!secret.empty())
        change.row.sealed_client_secret = pg::Bytes{
            sealer.seal(Secret(std::move(secret)), sealing_context(change.row.account_id))};
    return {};
}

}  // namespace

std::string sealing_context(Id account_id) {
    return "oauth_configurations:" + std::to_string(account_id);
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
        .check = [&sealer](resources::Change<Row>& change) -> asio::awaitable<result<>> {
            co_return take_secret(sealer, change);
        }};
    resources::add_resource(api, pool, std::move(configurations),
                            "/api/v3/accounts/{account_id}/oauth-configurations/");
}

}  // namespace mw::oauth_configurations
