#include "features/connections/encryption.hpp"

#include "features/connections/encryption_store.hpp"
#include "features/resources/resource_api.hpp"
#include "infra/crypto/ssh_key.hpp"

namespace mw::connections {

namespace {

namespace asio = boost::asio;

asio::awaitable<result<>> give_key(const crypto::Sealer& sealer,
                                   resources::Change<Encryption>& change) {
    if (!change.is_new()) co_return result<>{};
    auto key = crypto::make_ssh_key("millwright-tunnel-" + std::to_string(change.row.id));
    change.row.public_key = key.public_key;
    change.row.sealed_private_key =
        pg::Bytes{sealer.seal(key.private_key, tunnel_sealing_context(change.row.id))};
    co_return co_await set_tunnel_key(change.tx, change.row);
}

}  // namespace

std::string tunnel_sealing_context(Id id) {
    return "encryptions:" + std::to_string(id);
}

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
        .written = [&sealer](resources::Change<Row>& change) { return give_key(sealer, change); }};
    resources::add_resource(api, pool, std::move(encryptions),
                            "/api/v2/accounts/{account_id}/encryptions/");
}

}  // namespace mw::connections
