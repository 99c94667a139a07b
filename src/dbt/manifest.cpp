#include "dbt/manifest.hpp"

#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <utility>

#include "dbt/artifact_json.hpp"

namespace mw::dbt {
namespace {

namespace json = boost::json;

// Each is an object of nodes by unique id. What a version of dbt does not know is not there.
constexpr auto kSections = std::to_array<std::string_view>(
    {"nodes", "sources", "exposures", "metrics", "semantic_models", "saved_queries", "unit_tests",
     "functions", "groups", "macros"});

// Of no use to whoever asks about a node, and together half of the file.
constexpr auto kLeftOut = std::to_array<std::string_view>(
    {"unrendered_config", "extra_ctes", "extra_ctes_injected", "build_path", "root_path",
     "doc_blocks", "created_at", "supported_languages", "config_call_dict"});

std::unexpected<Error> not_a_manifest(std::string why) {
    return not_of_dbt("manifest.json", std::move(why));
}

std::vector<std::string> parents_of(const json::object& node) {
    std::vector<std::string> parents;
    const auto* depends = node.if_contains("depends_on");
    const auto* on =
        depends && depends->is_object() ? depends->get_object().if_contains("nodes") : nullptr;
    if (!on || !on->is_array()) return parents;
    for (const auto& parent : on->get_array())
        if (const auto* text = parent.if_string()) parents.emplace_back(*text);
    std::ranges::sort(parents);
    auto twice = std::ranges::unique(parents);
    parents.erase(twice.begin(), twice.end());
    return parents;
}

json::object facts_of(const json::object& node) {
    json::object facts;
    facts.reserve(node.size());
    for (const auto& [name, value] : node)
        if (std::ranges::find(kLeftOut, std::string_view(name)) == kLeftOut.end())
            facts.emplace(name, json::value(value, json::storage_ptr()));
    return facts;
}

// Older files don't say what kind a macro or a group is; their id does.
std::string type_of(const json::object& node, std::string_view unique_id) {
    if (auto type = text_of(node, "resource_type"); !type.empty()) return type;
    return std::string(unique_id.substr(0, unique_id.find('.')));
}

result<ManifestNode> read_node(std::string_view unique_id, const json::value& value) {
    const auto* object = value.if_object();
    if (!object) return not_a_manifest("a node is not an object");
    ManifestNode node{.unique_id = std::string(unique_id),
                      .resource_type = type_of(*object, unique_id),
                      .name = text_of(*object, "name"),
                      .parents = parents_of(*object),
                      .facts = facts_of(*object)};
    if (node.name.empty()) return not_a_manifest("a node has no name");
    return node;
}

result<> read_section(const json::object& root, std::string_view section, Manifest& manifest) {
    const auto* nodes = root.if_contains(section);
    if (!nodes) return {};
    if (!nodes->is_object()) return not_a_manifest("a section is not an object");
    for (const auto& [unique_id, value] : nodes->get_object()) {
        MW_TRY(auto node, read_node(unique_id, value));
        manifest.nodes.push_back(std::move(node));
    }
    return {};
}

}  // namespace

result<Manifest> parse_manifest(std::string_view text) {
    // The whole tree is let go at once.
    json::monotonic_resource memory(std::max<std::size_t>(text.size(), 4096));
    boost::system::error_code error;
    auto value = json::parse(text, error, &memory);
    if (error) return not_a_manifest(error.message());
    const auto* root = value.if_object();
    const auto* metadata = root ? root->if_contains("metadata") : nullptr;
    if (!metadata || !metadata->is_object()) return not_a_manifest("no metadata");
    if (!root->contains("nodes")) return not_a_manifest("no nodes");

    const auto& facts = metadata->get_object();
    Manifest manifest{.dbt_version = text_of(facts, "dbt_version"),
                      .invocation_id = text_of(facts, "invocation_id"),
                      .generated_at = text_of(facts, "generated_at"),
                      .project_name = text_of(facts, "project_name"),
                      .adapter_type = text_of(facts, "adapter_type"),
                      .nodes = {}};
    for (auto section : kSections)
        MW_CHECK(read_section(*root, section, manifest));
    std::ranges::sort(manifest.nodes, {}, &ManifestNode::unique_id);
    return manifest;
}

}  // namespace mw::dbt
