#include "features/project_state/prepared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <map>
#include <utility>

#include "base/json_optional.hpp"
#include "base/storable_text.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::project_state {
namespace {

namespace json = boost::json;

using Codes = std::map<std::string, std::string, std::less<>>;

struct Identity {
    std::string resource_type;
    std::string name;
};
using Identities = std::map<std::string, Identity, std::less<>>;

// Of what dbt says of a result; the log has all of it.
constexpr std::size_t kMessageBytesMost = 4000;

// A manifest has these of the nodes that its command selected alone: they are facts of an
// execution, not of the node.
constexpr auto kOfExecutions =
    std::to_array<std::string_view>({"compiled", "compiled_code", "compiled_sql", "compiled_path"});

// PostgreSQL's text has no NUL.
void remove_nul(json::value& value) {
    if (auto* text = value.if_string()) {
        std::ranges::replace(*text, '\0', ' ');
    } else if (auto* list = value.if_array()) {
        for (auto& entry : *list)
            remove_nul(entry);
    } else if (auto* object = value.if_object()) {
        for (auto& member : *object)
            remove_nul(member.value());
    }
}

std::string take_code(json::object& facts) {
    std::string code;
    for (const auto* name : {"compiled_code", "compiled_sql"})
        if (const auto* value = facts.if_contains(name); value && value->is_string())
            code = std::string(value->get_string());
    for (auto name : kOfExecutions)
        facts.erase(name);
    return code;
}

// When a file was made, as it says itself.
result<Timestamp> made_at(std::string_view file, const std::string& text) {
    if (auto at = parse_time(text)) return *at;
    return fail(Errc::upstream_failed, fmt::format("{} is not what dbt writes.", file),
                "it does not say when it was made");
}

DefinedNode prepare_node(dbt::ManifestNode node, Codes& codes) {
    if (auto code = take_code(node.facts); !code.empty()) codes.emplace(node.unique_id, code);
    json::value facts = std::move(node.facts);
    remove_nul(facts);
    auto text = json::serialize(facts);
    return {.unique_id = std::move(node.unique_id),
            .resource_type = std::move(node.resource_type),
            .name = std::move(node.name),
            .parents = std::move(node.parents),
            .digest = crypto::sha256_hex(text),
            .facts = std::move(text)};
}

// Others look at nodes and build nothing.
bool executes(std::string_view command) {
    constexpr auto kLook = std::to_array<std::string_view>(
        {"generate", "docs", "compile", "parse", "list", "show", "freshness"});
    return std::ranges::find(kLook, command) == kLook.end();
}

json::value known_time(const std::string& text) {
    return parse_time(text) ? json::value(text) : json::value(nullptr);
}

json::object execution_of(const dbt::NodeResult& result, const Codes& codes) {
    const auto& status = result.status;
    bool succeeded = status == "success" || status == "pass" || status == "warn";
    bool failed = status == "error" || status == "fail" || status == "runtime error";
    auto known = codes.find(result.unique_id);
    auto code = !result.compiled_code.empty() ? result.compiled_code
                : known != codes.end()        ? known->second
                                              : std::string();
    json::object row{{"unique_id", result.unique_id},
                     {"status", status},
                     {"error", failed ? json::value(result.message) : json::value(nullptr)},
                     {"execution_time", result.execution_time_s},
                     {"failures", nullptr},
                     {"succeeded", succeeded},
                     // A test that fails has run as it is defined.
                     {"applied", succeeded || status == "fail" || status == "partial success"},
                     {"compile_started_at", known_time(result.compile_started_at)},
                     {"compile_completed_at", known_time(result.compile_completed_at)},
                     {"execute_started_at", known_time(result.execute_started_at)},
                     {"execute_completed_at", known_time(result.execute_completed_at)},
                     {"compiled_code", nullptr},
                     {"compiled_digest", nullptr}};
    if (result.failures) row["failures"] = *result.failures;
    if (!code.empty()) {
        row["compiled_digest"] = crypto::sha256_hex(code);
        row["compiled_code"] = std::move(code);
    }
    json::value whole = std::move(row);
    remove_nul(whole);
    return std::move(whole.get_object());
}

// What outlives the run. Of a node that the manifest does not know, its id tells most:
// "model.shop.orders".
json::object history_row(const dbt::NodeResult& result, const Identities& identities) {
    std::string_view id = result.unique_id;
    Identity identity{.resource_type = std::string(id.substr(0, id.find('.'))),
                      .name = std::string(id.substr(id.rfind('.') + 1))};
    if (auto known = identities.find(id); known != identities.end()) identity = known->second;
    json::value row =
        json::object{{"unique_id", id},
                     {"resource_type", identity.resource_type},
                     {"name", identity.name},
                     {"status", result.status},
                     {"message", storable_text(result.message, kMessageBytesMost)},
                     {"execution_time", result.execution_time_s},
                     {"failures", or_null(result.failures)},
                     {"rows_affected", or_null(result.rows_affected)},
                     {"bytes_processed", or_null(result.bytes_processed)},
                     {"slot_ms", or_null(result.slot_ms)},
                     {"execute_started_at", known_time(result.execute_started_at)},
                     {"execute_completed_at", known_time(result.execute_completed_at)}};
    remove_nul(row);
    return std::move(row.get_object());
}

result<> add_step(const StepFile& file, const Codes& codes, const Identities& identities,
                  Prepared& prepared) {
    MW_TRY(auto parsed, dbt::parse_run_results(file.text));
    if (!executes(parsed.command)) return {};
    MW_TRY(auto generated_at, made_at("run_results.json", parsed.generated_at));
    Executions executions{
        .generated_at = generated_at, .elapsed_time_s = parsed.elapsed_time_s, .nodes = {}};
    history::StepResults results{.step_index = file.step_index,
                                 .generated_at = generated_at,
                                 .elapsed_time_s = parsed.elapsed_time_s,
                                 .full_refresh = parsed.full_refresh,
                                 .nodes = {}};
    for (const auto& result : parsed.results) {
        executions.nodes.push_back(execution_of(result, codes));
        results.nodes.push_back(history_row(result, identities));
    }
    prepared.executions.push_back(std::move(executions));
    prepared.results.push_back(std::move(results));
    return {};
}

result<std::vector<Seen>> prepare_seen(const std::vector<StepFile>& files,
                                       result<dbt::Observations> (*parse)(std::string_view)) {
    std::vector<Seen> all;
    for (const auto& file : files) {
        MW_TRY(auto observations, parse(file.text));
        MW_TRY(auto generated_at, made_at("An artifact", observations.generated_at));
        Seen seen{.generated_at = generated_at, .nodes = {}};
        for (auto& [unique_id, facts] : observations.nodes) {
            json::value shown = std::move(facts);
            remove_nul(shown);
            seen.nodes.push_back({{"unique_id", unique_id}, {"facts", std::move(shown)}});
        }
        all.push_back(std::move(seen));
    }
    return all;
}

}  // namespace

result<Prepared> prepare(const Files& files) {
    MW_TRY(auto parsed, dbt::parse_manifest(files.manifest));
    MW_TRY(auto generated_at, made_at("manifest.json", parsed.generated_at));
    Prepared prepared{.state = {.generated_at = generated_at,
                                .dbt_version = parsed.dbt_version,
                                .project_name = parsed.project_name,
                                .adapter_type = parsed.adapter_type},
                      .nodes = {},
                      .executions = {},
                      .results = {},
                      .freshness = {},
                      .catalogs = {}};
    Codes codes;
    Identities identities;
    prepared.nodes.reserve(parsed.nodes.size());
    for (auto& node : parsed.nodes) {
        identities.emplace(node.unique_id, Identity{node.resource_type, node.name});
        prepared.nodes.push_back(prepare_node(std::move(node), codes));
    }
    for (const auto& file : files.run_results)
        MW_CHECK(add_step(file, codes, identities, prepared));
    MW_TRY(prepared.freshness, prepare_seen(files.sources, dbt::parse_sources));
    MW_TRY(prepared.catalogs, prepare_seen(files.catalogs, dbt::parse_catalog));
    return prepared;
}

}  // namespace mw::project_state
