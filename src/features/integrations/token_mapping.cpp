#include "features/integrations/token_mapping.hpp"

#include <boost/describe.hpp>

#include "base/time.hpp"
#include "features/integrations/integration_store.hpp"
#include "features/resources/resource_api.hpp"

namespace mw::integrations {
namespace {

namespace asio = boost::asio;

struct TokenMapping {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    Id semantic_layer_credentials_id = 0;
    Id service_token_id = 0;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(TokenMapping, (),
                      (id, account_id, project_id, semantic_layer_credentials_id, service_token_id,
                       state, created_at, updated_at))

asio::awaitable<result<>> check(resources::Change<TokenMapping>& change) {
    const auto& row = change.row;
    MW_CO_TRY(auto known,
              co_await known_of(change.tx, row.account_id, row.project_id,
                                row.semantic_layer_credentials_id, row.service_token_id));
    if (!known.credentials)
        co_return fail_field("semantic_layer_credentials_id",
                             "names no semantic layer credentials of this project");
    if (!known.token)
        co_return fail_field("service_token_id", "names no service token of this account");
    co_return result<>{};
}

}  // namespace

void add_token_mapping_endpoints(api::Api& api, pg::Pool& pool) {
    using resources::field;
    using resources::Verbs;
    resources::Resource<TokenMapping> mappings{
        .noun = "semantic layer token mapping",
        .table = "semantic_layer_token_mappings",
        .area = api::Area::semantic_layer,
        .fields = {field(&TokenMapping::project_id, {.required = true}),
                   field(&TokenMapping::semantic_layer_credentials_id, {.required = true}),
                   field(&TokenMapping::service_token_id, {.required = true})},
        .check = check};
    resources::add_resource(
        api, pool, std::move(mappings),
        "/api/v3/accounts/{account_id}/semantic-layer-credential-to-service-token-mapping/",
        Verbs::list | Verbs::create | Verbs::get | Verbs::remove);
}

}  // namespace mw::integrations
