#include "dbt/observations.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "dbt/artifact_json.hpp"

namespace mw::dbt {
namespace {

namespace json = boost::json;

// The file's object, and when it was made.
result<json::object> read_file(std::string_view file, std::string_view text,
                               std::string& generated_at) {
    boost::system::error_code error;
    auto value = json::parse(text, error);
    if (error) return not_of_dbt(file, error.message());
    auto* root = value.if_object();
    const auto* metadata = root ? root->if_contains("metadata") : nullptr;
    if (!metadata || !metadata->is_object()) return not_of_dbt(file, "no metadata");
    generated_at = text_of(metadata->get_object(), "generated_at");
    return std::move(*root);
}

}  // namespace

result<Observations> parse_sources(std::string_view text) {
    Observations observations;
    MW_TRY(auto root, read_file("sources.json", text, observations.generated_at));
    auto* results = root.if_contains("results");
    if (!results || !results->is_array()) return not_of_dbt("sources.json", "no list of results");
    for (auto& entry : results->get_array()) {
        auto* object = entry.if_object();
        auto unique_id = object ? text_of(*object, "unique_id") : std::string();
        if (unique_id.empty()) return not_of_dbt("sources.json", "a result has no unique_id");
        observations.nodes.emplace_back(std::move(unique_id), std::move(*object));
    }
    return observations;
}

result<Observations> parse_catalog(std::string_view text) {
    Observations observations;
    MW_TRY(auto root, read_file("catalog.json", text, observations.generated_at));
    for (const auto* section : {"nodes", "sources"}) {
        auto* nodes = root.if_contains(section);
        if (!nodes || !nodes->is_object())
            return not_of_dbt("catalog.json", fmt::format("no {}", section));
        for (auto& member : nodes->get_object()) {
            auto* object = member.value().if_object();
            if (!object) return not_of_dbt("catalog.json", "a node is not an object");
            observations.nodes.emplace_back(std::string(member.key()), std::move(*object));
        }
    }
    return observations;
}

}  // namespace mw::dbt
