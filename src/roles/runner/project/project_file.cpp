#include "roles/runner/project/project_file.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/files.hpp"

namespace mw::runner {
namespace {

constexpr const char* kFileName = "dbt_project.yml";
constexpr std::size_t kMostBytes = 4UL * 1024 * 1024;

// A value that dbt would render with Jinja is not known here; what replaces it is given to dbt by
// a setting that outranks the file.
std::string plain_text(const YAML::Node& root, const char* key, const char* fallback) {
    const auto value = root[key];
    if (!value || !value.IsScalar()) return fallback;
    auto text = value.as<std::string>();
    bool is_template = text.find("{{") != std::string::npos;
    return text.empty() || is_template ? fallback : text;
}

std::string packages_path(const YAML::Node& root) {
    const auto path = root["packages-install-path"];
    if (!path) return "dbt_packages";
    return plain_text(root, "packages-install-path", "");
}

std::vector<std::string> macro_paths(const YAML::Node& root) {
    const auto paths = root["macro-paths"];
    if (!paths || !paths.IsSequence()) return {"macros"};
    std::vector<std::string> names;
    for (const auto& path : paths)
        if (path.IsScalar()) names.push_back(path.Scalar());
    return names;
}

}  // namespace

result<ProjectFile> parse_project_file(const std::string& yaml) {
    try {
        auto root = YAML::Load(yaml);
        if (!root.IsMap())
            return fail(Errc::invalid_argument, "dbt_project.yml is empty or not a mapping.");
        return ProjectFile{.profile = plain_text(root, "profile", "user"),
                           .target_path = plain_text(root, "target-path", "target"),
                           .packages_path = packages_path(root),
                           .name = plain_text(root, "name", ""),
                           .macro_paths = macro_paths(root)};
    } catch (const YAML::Exception& problem) {
        auto line = problem.mark.is_null() ? 0 : problem.mark.line + 1;
        return fail(
            Errc::invalid_argument,
            fmt::format("dbt_project.yml is not valid YAML: line {}: {}", line, problem.msg));
    }
}

result<ProjectFile> read_project(const std::filesystem::path& folder,
                                 const std::string& subdirectory) {
    auto text = read_file(folder / kFileName, kMostBytes);
    if (!text && text.error().code == Errc::not_found)
        return fail(
            Errc::not_found,
            subdirectory.empty()
                ? std::string("The repository has no dbt_project.yml at its top. If the dbt "
                              "project lies deeper, set the project's subdirectory.")
                : fmt::format("The repository's folder \"{}\", which is the project's "
                              "subdirectory, has no dbt_project.yml.",
                              subdirectory));
    if (!text) return fail(std::move(text).error());
    return parse_project_file(*text);
}

}  // namespace mw::runner
