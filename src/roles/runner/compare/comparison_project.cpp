#include "roles/runner/compare/comparison_project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstdlib>

#include "base/files.hpp"
#include "roles/runner/compare/comparison_macro.hpp"

namespace mw::runner {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t kMostModels = 25;
constexpr std::size_t kMostArgumentBytes = 60'000;

json::value place_json(const std::optional<dbt::Relation>& place) {
    if (!place) return nullptr;
    return json::object{
        {"database", place->database}, {"schema", place->schema}, {"identifier", place->name}};
}

json::object model_json(const ModelToCompare& model) {
    return {{"unique_id", model.unique_id},
            {"before", place_json(model.before)},
            {"after", place_json(model.after)},
            {"key", json::array(model.key.begin(), model.key.end())}};
}

std::string project_file(const ComparisonPlan& plan, const std::string& profile) {
    // What JSON is, YAML is as well.
    json::object quoting{{"database", plan.quotes_database},
                         {"schema", plan.quotes_schema},
                         {"identifier", plan.quotes_identifier}};
    return json::serialize(json::object{{"name", "millwright_compare"},
                                        {"config-version", 2},
                                        {"profile", profile},
                                        {"quoting", std::move(quoting)}}) +
           "\n";
}

}  // namespace

result<fs::path> write_comparison_project(const fs::path& workspace, const ComparisonPlan& plan,
                                          const std::string& profile) {
    auto folder = (workspace / "compare-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        return fail(file_error(errno, "The comparison's project cannot be made", workspace));
    std::error_code error;
    fs::create_directory(fs::path(folder) / "macros", error);
    if (error)
        return fail(file_error(error.value(), "The comparison's project cannot be made", folder));
    MW_CHECK(write_file_atomically(fs::path(folder) / "macros" / "compare.sql",
                                   std::string(comparison_macro()), 0600));
    MW_CHECK(write_file_atomically(fs::path(folder) / "dbt_project.yml",
                                   project_file(plan, profile), 0600));
    return fs::path(folder);
}

std::size_t batch_size(std::span<const ModelToCompare> models) {
    std::size_t bytes = 0;
    std::size_t count = 0;
    while (count < std::min(models.size(), kMostModels)) {
        bytes += json::serialize(model_json(models[count])).size();
        // One alone goes, however long its names are.
        if (bytes > kMostArgumentBytes && count > 0) break;
        ++count;
    }
    return count;
}

std::vector<std::string> comparison_command(std::span<const ModelToCompare> models) {
    json::array list;
    for (const auto& model : models)
        list.push_back(model_json(model));
    return {"run-operation", "millwright_compare", "--args",
            json::serialize(json::object{{"models", std::move(list)}})};
}

}  // namespace mw::runner
