// What comes of comparing models with production (dbt/comparison.hpp), from what the macro answers;
// and as lines for people. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "dbt/comparison.hpp"
#include "roles/runner/compare/comparison_plan.hpp"

namespace mw::runner {

using dbt::ChangeStatus;
using dbt::ComparedModel;

// A line that the macro has written (comparison_project.hpp), about one model.
struct Answer {
    std::string unique_id;
    boost::json::object facts;
};
std::optional<Answer> read_answer(std::string_view line);

ComparedModel judge(const ModelToCompare& model, const boost::json::object& facts);
ComparedModel skipped(const ModelToCompare& model, std::string why);

// "total: changed, 10 rows → 11: …"
std::string line_of(const ComparedModel& model);

}  // namespace mw::runner
