#include "features/connections/connection_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "features/connections/catalog_config.hpp"
#include "features/connections/connection_input.hpp"
#include "features/connections/connection_store.hpp"
#include "features/resources/resource_api.hpp"
#include "infra/crypto/sealed_json.hpp"

namespace mw::connections {
namespace {

namespace asio = boost::asio;
using Change = resources::Change<Connection>;
using resources::field;

asio::awaitable<result<>> write_secrets(const crypto::Sealer& sealer, std::string_view config,
                                        Change& change) {
    if (change.is_removal()) {
        MW_CO_TRY(auto uses, co_await find_uses(change.tx, change.row.account_id, change.row.id));
        if (!uses.empty())
            co_return fail(Errc::conflict,
                           fmt::format("This connection is used by {}.", fmt::join(uses, ", ")));
        co_return result<>{};
    }
    auto scratch = change.row;
    MW_CO_TRY(auto given, read_config(change.body, config, change.is_new(), scratch));
    if (given.empty()) co_return result<>{};
    auto sealed = change.row.sealed_config
                      ? std::optional<std::string_view>(change.row.sealed_config->data)
                      : std::nullopt;
    MW_CO_TRY(auto resealed,
              crypto::reseal_json(sealer, sealed, given, sealing_context(change.row.id)));
    co_return co_await set_sealed(change.tx, change.row.id, pg::Bytes{std::move(resealed)});
}

// Of either path; `config` is what it calls the adapter's fields.
resources::Resource<Connection> connections(const crypto::Sealer& sealer, std::string config,
                                            api::Area area) {
    return {.noun = "connection",
            .table = "connections",
            .area = area,
            .fields = {field(&Connection::name, {.required = true, .most = 255}),
                       field(&Connection::is_ssh_tunnel_enabled),
                       field(&Connection::private_link_endpoint_id),
                       field(&Connection::oauth_configuration_id)},
            .json = config == "config" ? connection_detail_json : connection_json,
            .check = [config](Change& change) -> asio::awaitable<result<>> {
                auto outcome = read_config(change.body, config, change.is_new(), change.row);
                if (!outcome) co_return fail(outcome.error());
                co_return result<>{};
            },
            .written = [&sealer,
                        config](Change& change) { return write_secrets(sealer, config, change); }};
}

api::Reply list_of_project(pg::Pool& pool, api::Call& call) {
    MW_CO_TRY(auto project_id, call.id("project_id"));
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_TRY(auto found, co_await connections_of_project(*lease, call.account_id, project_id));
    boost::json::array data;
    for (const auto& connection : found) {
        auto json = connection_json(connection);
        json["project_id"] = project_id;
        data.push_back(std::move(json));
    }
    co_return api::success_all(std::move(data), call.account_id);
}

}  // namespace

void add_connection_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer) {
    using resources::Verbs;
    auto of_account = connections(sealer, "config", api::Area::connections);
    of_account.schema = {{"config", {{"type", "object"}}}};
    of_account.relate = [](pg::Pool& each, const api::Call& call, const Connection& connection,
                           boost::json::object& json) -> asio::awaitable<result<>> {
        MW_CO_TRY(auto lease, co_await each.acquire());
        MW_CO_TRY(auto uses, co_await find_uses(*lease, call.account_id, connection.id));
        json["environment__count"] = uses.size();
        co_return result<>{};
    };
    resources::add_resource(
        api, pool, std::move(of_account), "/api/v3/accounts/{account_id}/connections/",
        Verbs::list | Verbs::get | Verbs::create | Verbs::update_by_patch | Verbs::remove);

    add_catalog_config_endpoints(api, pool);

    const std::string path = "/api/v3/accounts/{account_id}/projects/{project_id}/connections/";
    auto of_project = connections(sealer, "details", api::Area::data_platform);
    auto written = of_project.written;
    of_project.written = [written](Change& change) -> asio::awaitable<result<>> {
        MW_CO_CHECK(co_await written(change));
        if (!change.is_new()) co_return result<>{};
        MW_CO_TRY(auto project_id, change.call.id("project_id"));
        co_return co_await adopt(change.tx, change.row.account_id, project_id, change.row.id);
    };
    of_project.relate = [](pg::Pool&, const api::Call& call, const Connection&,
                           boost::json::object& json) -> asio::awaitable<result<>> {
        MW_CO_TRY(json["project_id"], call.id("project_id"));
        co_return result<>{};
    };
    resources::add_resource(api, pool, std::move(of_project), path,
                            Verbs::get | Verbs::create | Verbs::update_by_post | Verbs::remove);
    api.get(path, api::reads(api::Area::data_platform),
            [&pool](api::Call& call) { return list_of_project(pool, call); })
        .says("List a project's connections")
        .gives(api::Route::Answer::list, {{"type", "object"}});
}

}  // namespace mw::connections
