// What came of comparing models with production: counts and names of columns, never a value. As
// `compare_changes.json`, which features/compare_changes reads, and as lines for people. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "roles/runner/compare/comparison_plan.hpp"

namespace mw::runner {

enum class ChangeStatus { added, changed, unchanged, skipped };

struct ComparedModel {
    std::string unique_id;
    std::string name;
    ChangeStatus status = ChangeStatus::skipped;
    std::vector<std::string> primary_key = {};

    struct Rows {
        std::optional<std::int64_t> before = {};
        std::optional<std::int64_t> after = {};
        // With a primary key alone.
        std::optional<std::int64_t> added = {};
        std::optional<std::int64_t> removed = {};
        std::optional<std::int64_t> changed = {};
        std::optional<std::int64_t> unchanged = {};
    } rows = {};

    struct Columns {
        std::vector<std::string> added = {};
        std::vector<std::string> removed = {};
        std::vector<std::string> retyped = {};
        std::map<std::string, std::int64_t> changed = {};  // rows in which it differs; never 0
    } columns = {};

    std::string message = {};  // why it is skipped, or no more is known
};

// A line that the macro has written (comparison_project.hpp), about one model.
struct Answer {
    std::string unique_id;
    boost::json::object facts;
};
std::optional<Answer> read_answer(std::string_view line);

ComparedModel judge(const ModelToCompare& model, const boost::json::object& facts);
ComparedModel skipped(const ModelToCompare& model, std::string why);

boost::json::object to_json(const std::vector<ComparedModel>& models);

// "total: changed, 10 rows → 11: …"
std::string line_of(const ComparedModel& model);
// "3 models: 1 new, 1 changed, 1 unchanged"
std::string summary_of(const std::vector<ComparedModel>& models);

}  // namespace mw::runner
