#include "roles/runner/project/dbt_environment.hpp"

#include "dbt/command.hpp"
#include "dbt/variable.hpp"

namespace mw::runner {
namespace {

constexpr std::string_view kPrefix = "DBT_";

}  // namespace

EnvironmentMap engine_environment(const Workspace& workspace,
                                  const std::filesystem::path& engine_bin) {
    return {{"PATH", engine_bin.string() + ":/usr/local/bin:/usr/bin:/bin"},
            {"HOME", workspace.home().string()},
            {"TMPDIR", workspace.tmp().string()},
            {"LANG", "C.UTF-8"}};
}

EnvironmentMap dbt_environment(const RunSpec& spec, const Workspace& workspace,
                               const std::filesystem::path& engine_bin, const Checkout& checkout,
                               const ProjectFile& project) {
    auto environment = engine_environment(workspace, engine_bin);
    environment["HOME"] = workspace.seen(workspace.home());
    environment["TMPDIR"] = workspace.seen(workspace.tmp());
    environment["DBT_ENV"] = "prod";
    environment["DBT_TARGET_PATH"] = project.target_path;
    // Every event reaches the run's log already; nobody would read dbt's own file.
    environment["DBT_LOG_LEVEL_FILE"] = "none";
    environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false";
    for (const auto& [name, value] : spec.environment_variables)
        if (name.starts_with(kPrefix) && !dbt::is_reserved_variable(name))
            environment[name] = value;
    for (const auto& [name, value] : spec.context)
        if (name.starts_with(kPrefix)) environment[name] = value;
    // Other runs do not have the variable.
    if (spec.is_pull_request()) environment["DBT_CLOUD_GIT_SHA"] = checkout.sha;
    environment["DBT_PROFILES_DIR"] = workspace.seen(workspace.profiles());
    environment["DBT_PROFILE"] = project.profile;
    return environment;
}

std::filesystem::path target_folder(const std::filesystem::path& project_folder,
                                    const EnvironmentMap& environment,
                                    const std::vector<std::string>& argv) {
    auto set = environment.find("DBT_TARGET_PATH");
    std::string target = set == environment.end() ? "target" : set->second;
    std::string project;
    dbt::Command command{.argv = argv, .subcommand = {}};
    for (auto value : dbt::option_values(command, "--target-path"))
        target = value;
    for (auto value : dbt::option_values(command, "--project-dir"))
        project = value;
    return (project_folder / project / target).lexically_normal();
}

}  // namespace mw::runner
