#include "features/repositories/repository_api.hpp"

#include "features/repositories/repository_store.hpp"
#include "features/resources/resource_api.hpp"
#include "infra/crypto/ssh_key.hpp"

namespace mw::repositories {
namespace {

namespace asio = boost::asio;
using Change = resources::Change<Repository>;

asio::awaitable<result<>> check(std::string_view public_url, Change& change) {
    if (!change.before || change.before->remote_url != change.row.remote_url) {
        // A client that sends back what it was shown has not changed it.
        bool shown =
            change.before && change.row.remote_url == clone_url(*change.before, public_url);
        if (shown) change.row.remote_url = change.before->remote_url;
        auto wrong = shown ? std::string() : what_is_wrong_with_url(change.row.remote_url);
        if (!shown && change.row.managed_name)
            wrong = "can't be changed: this repository is kept by Millwright itself";
        if (!wrong.empty()) co_return fail_field("remote_url", wrong);
    }
    co_return result<>{};
}

// A repository that is fetched by a deploy key gets one, the first time that it is said so.
asio::awaitable<result<>> give_key(const crypto::Sealer& sealer, Change& change) {
    if (change.row.git_clone_strategy != "deploy_key" || change.row.sealed_deploy_key ||
        change.is_removal())
        co_return result<>{};
    auto key = crypto::make_ssh_key("millwright-" + std::to_string(change.row.id));
    pg::Bytes sealed{sealer.seal(key.private_key, sealing_context(change.row.id))};
    MW_CO_CHECK(co_await set_deploy_key(change.tx, change.row.id, key.public_key, sealed));
    change.row.deploy_public_key = key.public_key;
    change.row.sealed_deploy_key = std::move(sealed);
    co_return result<>{};
}

}  // namespace

void add_repository_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                              std::string public_url) {
    using resources::field;
    using resources::Verbs;
    resources::Resource<Repository> repositories{
        .noun = "repository",
        .table = "repositories",
        .area = api::Area::repositories,
        .fields = {field(&Repository::remote_url, {.required = true, .most = 2048}),
                   field(&Repository::git_clone_strategy,
                         {.one_of = {"deploy_key", "git_token", "github_app", "deploy_token",
                                     "azure_active_directory_app"}}),
                   field(&Repository::pull_request_url_template, {.most = 2048}),
                   field(&Repository::github_installation_id),
                   field(&Repository::gitlab_project_id),
                   field(&Repository::private_link_endpoint_id)},
        .json =
            [public_url](const Repository& repository) {
                return repository_json(repository, public_url);
            },
        .check = [public_url](Change& change) { return check(public_url, change); },
        .written = [&sealer](Change& change) { return give_key(sealer, change); }};
    auto made = resources::add_resource(
        api, pool, std::move(repositories),
        "/api/v3/accounts/{account_id}/projects/{project_id}/repositories/");
    made->add(api, "/api/v2/accounts/{account_id}/repositories/",
              Verbs::list | Verbs::create | Verbs::get | Verbs::remove);
}

}  // namespace mw::repositories
