#include "roles/runner/command/built_models.hpp"

#include "dbt/run_results.hpp"

namespace mw::runner {

void BuiltModels::take(const dbt::Event& event) {
    if (!event.node || event.node->resource_type != "model") return;
    const auto& node = *event.node;
    if (event.name == "LogStartLine") {
        models_[node.unique_id] = {.relation = node.relation, .built = false};
    } else if (event.name == "NodeFinished") {
        auto known = models_.find(node.unique_id);
        if (known != models_.end()) known->second.built = node.status == "success";
    }
}

void BuiltModels::add(const BuiltModels& later) {
    for (const auto& [unique_id, model] : later.models_)
        models_[unique_id] = model;
}

void BuiltModels::take_results(std::string_view run_results) {
    auto parsed = dbt::parse_run_results(run_results);
    if (!parsed) return;
    for (const auto& result : parsed->results)
        if (result.unique_id.starts_with("model.") && result.status == "success")
            models_.try_emplace(result.unique_id, Model{.relation = {}, .built = true});
}

bool BuiltModels::has(const std::string& unique_id) const {
    auto known = models_.find(unique_id);
    return known != models_.end() && known->second.built;
}

std::string BuiltModels::relation_of(const std::string& unique_id) const {
    auto known = models_.find(unique_id);
    return known == models_.end() ? std::string() : known->second.relation;
}

}  // namespace mw::runner
