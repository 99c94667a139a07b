// What a run changed beside production: counts and names of columns, never a value. A worker finds
// it out and leaves it as an artifact, which others read. Pure.
//
// Errors: `upstream_failed` when the text is no such document.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::dbt {

inline constexpr std::string_view kComparisonArtifact = "compare_changes.json";

enum class ChangeStatus { added, changed, unchanged, skipped };

// "new", "changed", "unchanged", "skipped"
std::string_view status_name(ChangeStatus status);

struct ComparedRows {
    std::optional<std::int64_t> added = {};
    std::optional<std::int64_t> removed = {};
    std::optional<std::int64_t> changed = {};
    std::optional<std::int64_t> unchanged = {};
    std::optional<std::int64_t> before = {};
    std::optional<std::int64_t> after = {};
};

struct ComparedColumns {
    std::vector<std::string> added = {};
    std::vector<std::string> removed = {};
    std::vector<std::string> retyped = {};
    std::map<std::string, std::int64_t> changed = {};  // rows in which it differs
};

struct ComparedModel {
    std::string unique_id;
    std::string name;
    ChangeStatus status = ChangeStatus::skipped;
    std::vector<std::string> primary_key = {};
    ComparedRows rows = {};
    ComparedColumns columns = {};
    std::string message = {};
};

struct Comparison {
    std::vector<ComparedModel> models;

    int count(ChangeStatus status) const;
};

result<Comparison> read_comparison(std::string_view text);

boost::json::object to_json(const Comparison& comparison);

// "3 models: 1 new, 2 changed"
std::string summary_of(const Comparison& comparison);

}  // namespace mw::dbt
