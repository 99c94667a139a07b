#include "features/ssh_host_keys/host_key.hpp"

#include "features/resources/resource_api.hpp"
#include "infra/crypto/ssh_fingerprint.hpp"

namespace mw::ssh_host_keys {

void add_host_key_endpoints(api::Api& api, pg::Pool& pool) {
    using resources::Verbs;
    resources::Resource<HostKey> host_keys{
        .noun = "ssh host key",
        .table = "ssh_host_keys",
        .area = api::Area::repositories,
        .fields = {},
        .json = [](const HostKey& key) {
            auto json = described_to_json(key);
            json["public_key"] = key.key_type + " " + key.public_key;
            json["fingerprint"] = crypto::ssh_fingerprint(key.public_key);
            json["first_seen_at"] = json["created_at"];
            return json;
        }};
    resources::add_resource(api, pool, std::move(host_keys),
                            "/api/v3/accounts/{account_id}/ssh-host-keys/",
                            Verbs::list | Verbs::get | Verbs::remove);
}

}  // namespace mw::ssh_host_keys
