// A dbt project of our own, by which the warehouse compares relations: one macro, which dbt's
// adapter runs (`dbt run-operation`) and which writes a line about each model.
//
// It is a project apart, so that nothing of the user's own is changed, run or parsed anew: no
// hooks, no macros that stand in for dbt's, no packages. Its SQL is plain enough for every adapter:
// `=` and `is null`, names quoted by the adapter, a full outer join.
//
// Errors: the disk's. Blocking file calls: a worker has nothing else to do meanwhile.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "roles/runner/compare/comparison_plan.hpp"

namespace mw::runner {

// What a line about a model begins with.
inline constexpr std::string_view kAnswerMark = "MILLWRIGHT_COMPARED ";

// Into a new folder in `workspace`, whose path is returned: one that a project could know would be
// one where it might have put a link.
result<std::filesystem::path> write_comparison_project(const std::filesystem::path& workspace,
                                                       const ComparisonPlan& plan,
                                                       const std::string& profile);

// How many of these models go into one command: not too many, as what fails ends the command, and
// no argument of a program may be longer than 128 KiB.
std::size_t batch_size(std::span<const ModelToCompare> models);

// What dbt is called with.
std::vector<std::string> comparison_command(std::span<const ModelToCompare> models);

}  // namespace mw::runner
