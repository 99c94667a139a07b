#include "features/integrations/integration_api.hpp"

#include "features/integrations/integration_config.hpp"
#include "features/integrations/integration_store.hpp"
#include "features/integrations/lineage_selection.hpp"
#include "features/integrations/token_mapping.hpp"
#include "features/resources/resource_api.hpp"
#include "infra/crypto/sealed_json.hpp"

namespace mw::integrations {
namespace {

namespace asio = boost::asio;
using api::Area;
using Change = resources::Change<Integration>;
using resources::field;

// One of the systems: what it is called, and in which field of a body its configuration stands.
struct Kind {
    std::string name;
    std::string noun;
    Area area;
    std::string config;  // empty: in the body itself
    std::vector<resources::Field<Integration>> fields;
};

asio::awaitable<result<>> write_secrets(const crypto::Sealer& sealer, const std::string& config,
                                        Change& change) {
    if (change.is_removal()) co_return result<>{};
    auto scratch = change.row;
    MW_CO_TRY(auto given, read_config(change.body, config, scratch));
    if (given.empty()) co_return result<>{};
    auto sealed = change.row.sealed_config
                      ? std::optional<std::string_view>(change.row.sealed_config->data)
                      : std::nullopt;
    MW_CO_TRY(auto resealed,
              crypto::reseal_json(sealer, sealed, given, sealing_context(change.row.id)));
    co_return co_await set_secrets(change.tx, change.row.id, pg::Bytes{std::move(resealed)});
}

// Under the kind's own name for its configuration; what has fields of its own shows them flat too.
boost::json::object integration_json(const Kind& kind, const Integration& row) {
    auto json = described_to_json(row);
    json.erase("kind");
    json.erase("config");
    if (kind.config.empty())
        for (const auto& [name, value] : row.config)
            json[name] = value;
    else
        json[kind.config] = row.config;
    return json;
}

resources::Resource<Integration> resource_of(const Kind& kind, const crypto::Sealer& sealer) {
    return {.noun = kind.noun,
            .table = "integrations",
            .area = kind.area,
            .only = "t.kind = '" + kind.name + "'",
            .fields = kind.fields,
            .json = [kind](const Integration& row) { return integration_json(kind, row); },
            .check = [kind](Change& change) -> asio::awaitable<result<>> {
                change.row.kind = kind.name;
                auto outcome = read_config(change.body, kind.config, change.row);
                if (!outcome) co_return fail(outcome.error());
                co_return result<>{};
            },
            .written = [kind, &sealer](
                           Change& change) { return write_secrets(sealer, kind.config, change); }};
}

const auto kName = [] { return field(&Integration::name, {.required = true, .most = 255}); };
const auto kAnyName = [] { return field(&Integration::name, {.most = 255}); };
const auto kAdapter = [] { return field(&Integration::adapter_version, {.most = 64}); };

// As an account without that feature answers.
void add_ingestion_endpoint(api::Api& api) {
    api.post("/api/v3/accounts/{account_id}/platform-metadata-credentials/{id}/trigger-ingestion/",
             api::writes(Area::connections),
             [](api::Call&) -> api::Reply {
                 co_return fail(Errc::forbidden,
                                "Catalog ingestion is not a part of this installation: nothing "
                                "reads a warehouse's catalogue but the runs of jobs.");
             })
        .says("Read a warehouse's catalogue, where that is a part of the installation");
}

}  // namespace

std::string sealing_context(Id id) {
    return "integrations:" + std::to_string(id);
}

void add_integration_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer) {
    using resources::kAll;
    const std::string account = "/api/v3/accounts/{account_id}/";
    const std::string project = account + "projects/{project_id}/";
    auto add = [&](const Kind& kind, const std::string& path) {
        return resources::add_resource(api, pool, resource_of(kind, sealer), path, kAll);
    };
    add({"lineage",
         "lineage integration",
         Area::projects,
         "config",
         {field(&Integration::name, {.required = true, .one_of = {"tableau", "powerbi"}})}},
        project + "integrations/lineage/");
    auto credentials = add({"semantic_layer_credentials",
                            "set of semantic layer credentials",
                            Area::semantic_layer,
                            "values",
                            {kName(), kAdapter()}},
                           project + "semantic-layer-credentials/");
    credentials->add(api, account + "semantic-layer-credentials/", kAll);
    add({"semantic_layer_configuration",
         "semantic layer configuration",
         Area::semantic_layer,
         "",
         {field(&Integration::environment_id, {.required = true, .refers = "environments"})}},
        project + "semantic-layer-configurations/");
    add({"platform_metadata",
         "set of platform metadata credentials",
         Area::connections,
         "config",
         {field(&Integration::connection_id, {.required = true, .refers = "connections"}),
          kAdapter()}},
        account + "platform-metadata-credentials/");
    add({"azure_ad_application", "Azure application", Area::account_settings, "", {kAnyName()}},
        account + "azure-ad-applications/");
    add_lineage_selection_endpoints(api, pool);
    add_token_mapping_endpoints(api, pool);
    add_ingestion_endpoint(api);
    add({"adapter", "adapter", Area::data_platform, "metadata_json", {kAdapter()}},
        project + "adapters/");
}

}  // namespace mw::integrations
