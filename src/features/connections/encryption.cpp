#include "features/connections/encryption.hpp"

#include "features/resources/resource_api.hpp"
#include "infra/crypto/ssh_key.hpp"

namespace mw::connections {

namespace asio = boost::asio;

void add_encryption_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer) {
    using resources::field;
    using Row = Encryption;
    resources::Resource<Row> encryptions{
        .noun = "SSH tunnel",
        .table = "encryptions",
        .area = api::Area::connections,
        .fields = {field(&Row::connection_id, {.required = true, .refers = "connections"}),
                   field(&Row::username, {.required = true, .most = 255}),
                   field(&Row::hostname, {.required = true, .most = 255}),
                   field(&Row::port, {.numbers = {1, 65535}})},
        .check = [&sealer](resources::Change<Row>& change) -> asio::awaitable<result<>> {
            if (!change.is_new()) co_return result<>{};
            auto key = crypto::make_ssh_key("millwright-tunnel");
            change.row.public_key = key.public_key;
            change.row.sealed_private_key = pg::Bytes{sealer.seal(
                key.private_key, "encryptions:" + std::to_string(change.row.account_id))};
            co_return result<>{};
        }};
    resources::add_resource(api, pool, std::move(encryptions),
                            "/api/v2/accounts/{account_id}/encryptions/");
}

}  // namespace mw::connections
