#include "features/project_state/prepared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <map>
#include <utility>

#include "infra/crypto/token_hash.hpp"

namespace mw::project_state {
namespace {

namespace json = boost::json;

using Codes = std::map<std::string, std::string, std::less<>>;

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

PreparedNode prepare_node(dbt::ManifestNode node, Codes& codes) {
    if (auto code = take_code(node.facts); !code.empty()) codes.emplace(node.unique_id, code);
    json::value facts = std::move(node.facts);
    remove_nul(facts);
    auto digest = crypto::sha256_hex(json::serialize(facts));
    json::object row{{"unique_id", node.unique_id},
                     {"resource_type", node.resource_type},
                     {"name", node.name},
                     {"parents", json::array(node.parents.begin(), node.parents.end())},
                     {"digest", digest},
                     {"facts", std::move(facts)}};
    return {std::move(node.unique_id), std::move(digest), std::move(row)};
}

// Others look at nodes and build nothing.
bool executes(std::string_view command) {
    constexpr auto kLook = std::to_array<std::string_view>(
        {"generate", "docs", "compile", "parse", "list", "show", "freshness"});
    return std::ranges::find(kLook, command) == kLook.end();
}

json::value time_or_null(const std::string& text) {
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
                     {"compile_started_at", time_or_null(result.compile_started_at)},
                     {"compile_completed_at", time_or_null(result.compile_completed_at)},
                     {"execute_started_at", time_or_null(result.execute_started_at)},
                     {"execute_completed_at", time_or_null(result.execute_completed_at)},
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

result<Executions> prepare_executions(const dbt::RunResults& results, const Codes& codes) {
    MW_TRY(auto generated_at, made_at("run_results.json", results.generated_at));
    Executions executions{
        .generated_at = generated_at, .elapsed_time_s = results.elapsed_time_s, .nodes = {}};
    for (const auto& result : results.results)
        executions.nodes.push_back(execution_of(result, codes));
    return executions;
}

result<std::vector<Seen>> prepare_seen(const std::vector<std::string>& texts,
                                       result<dbt::Observations> (*parse)(std::string_view)) {
    std::vector<Seen> all;
    for (const auto& text : texts) {
        MW_TRY(auto observations, parse(text));
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
                      .freshness = {},
                      .catalogs = {}};
    Codes codes;
    prepared.nodes.reserve(parsed.nodes.size());
    for (auto& node : parsed.nodes)
        prepared.nodes.push_back(prepare_node(std::move(node), codes));
    for (const auto& text : files.run_results) {
        MW_TRY(auto results, dbt::parse_run_results(text));
        if (!executes(results.command)) continue;
        MW_TRY(auto executions, prepare_executions(results, codes));
        prepared.executions.push_back(std::move(executions));
    }
    MW_TRY(prepared.freshness, prepare_seen(files.sources, dbt::parse_sources));
    MW_TRY(prepared.catalogs, prepare_seen(files.catalogs, dbt::parse_catalog));
    return prepared;
}

}  // namespace mw::project_state
