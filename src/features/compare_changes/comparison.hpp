// What a run changed beside production, as its worker found it: counts and names of columns. Pure.
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

namespace mw::compare_changes {

inline constexpr std::string_view kArtifact = "compare_changes.json";

enum class Status { added, changed, unchanged, skipped };

// "new", "changed", "unchanged", "skipped"
std::string_view status_name(Status status);

struct Rows {
    std::optional<std::int64_t> added;
    std::optional<std::int64_t> removed;
    std::optional<std::int64_t> changed;
    std::optional<std::int64_t> unchanged;
    std::optional<std::int64_t> before;
    std::optional<std::int64_t> after;
};

struct Columns {
    std::vector<std::string> added;
    std::vector<std::string> removed;
    std::vector<std::string> retyped;
    std::map<std::string, std::int64_t> changed;  // rows in which it differs
};

struct Model {
    std::string unique_id;
    std::string name;
    Status status = Status::skipped;
    std::vector<std::string> primary_key;
    Rows rows;
    Columns columns;
    std::string message;
};

struct Comparison {
    std::vector<Model> models;

    int count(Status status) const;
};

result<Comparison> read_comparison(std::string_view text);

boost::json::object to_json(const Comparison& comparison);

// "3 models: 1 new, 2 changed"
std::string summary_of(const Comparison& comparison);

}  // namespace mw::compare_changes
