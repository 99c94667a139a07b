#include "features/git_hosts/endpoints.hpp"

#include "features/git_hosts/app_api.hpp"
#include "features/git_hosts/git_host_api.hpp"
#include "features/git_hosts/link_api.hpp"
#include "features/git_hosts/webhook_api.hpp"

namespace mw::git_hosts {

void add_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                   BlockingPool& blocking, LiveGitHosts& hosts, std::string public_url) {
    const auto& settings = hosts.settings();
    add_git_host_endpoints(api, pool, settings);
    add_webhook_endpoints(api, pool, sealer, blocking, settings);
    if (settings.app) add_app_endpoints(api, pool, sealer, hosts, public_url);
    if (settings.links) add_link_endpoints(api, pool, sealer, hosts, std::move(public_url));
}

}  // namespace mw::git_hosts
