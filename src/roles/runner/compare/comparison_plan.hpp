// What there is to compare: models, where production and this run have each, and by which columns
// a row is known again. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dbt/manifest_nodes.hpp"
#include "dbt/relation.hpp"
#include "roles/runner/command/built_models.hpp"

namespace mw::runner {

struct ModelToCompare {
    std::string unique_id;
    std::string name;
    std::optional<dbt::Relation> before = {};  // none: production does not have it
    std::optional<dbt::Relation> after = {};
    std::vector<std::string> key = {};  // columns; empty: none is known
    std::string skipped = {};           // why it is not compared; else empty
};

struct ComparisonPlan {
    std::vector<ModelToCompare> models;
    // How the adapter writes names, as dbt_project.yml says it.
    bool quotes_database = true;
    bool quotes_schema = true;
    bool quotes_identifier = true;
};

// Which nodes of this run's manifest and of production's the plan is made from.
using Selected = std::set<std::string, std::less<>>;
bool is_for_comparison(std::string_view unique_id, const Selected& selected);

ComparisonPlan plan_comparison(const Selected& selected, const BuiltModels& built,
                               const dbt::ManifestNodes& ours,
                               const dbt::ManifestNodes& production);

// What the model itself says first (config or meta `primary_key`, then constraints), then what its
// tests do: a column that is `unique` and `not_null`, `unique_combination_of_columns`, a column
// that is `unique`.
std::vector<std::string> primary_key_of(const std::string& unique_id,
                                        const dbt::ManifestNodes& nodes);

}  // namespace mw::runner
