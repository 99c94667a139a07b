#include "roles/runner/engine/confinement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mw::runner {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// A dbt project opens a file for each model that it parses, DuckDB some for each thread.
constexpr std::uint64_t kOpenFilesMax = 4096;
constexpr std::uint64_t kProcessesMax = 2048;

constexpr std::array kSystemFolders{"/usr", "/etc",  "/bin", "/sbin", "/lib",  "/lib32", "/lib64",
                                    "/dev", "/proc", "/sys", "/run",  "/boot", "/opt"};

fs::path resolved(const fs::path& path) {
    std::error_code error;
    auto real = fs::weakly_canonical(path, error);
    return error ? path.lexically_normal() : real;
}

bool is_local_file(std::string_view path) {
    return path.starts_with('/') && !path.contains("{{");
}

std::string_view text_in(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string_view(value->get_string()) : "";
}

void take_paths(const json::object& fields, std::vector<std::string>& paths) {
    paths.emplace_back(text_in(fields, "path"));
    const auto* attached = fields.if_contains("attach");
    if (!attached || !attached->is_array()) return;
    for (const auto& item : attached->get_array())
        if (item.is_object()) paths.emplace_back(text_in(item.get_object(), "path"));
}

result<fs::path> folder_of(const Layout& layout, const fs::path& file) {
    auto folder = resolved(file).parent_path();
    auto refuse = [&](std::string_view why) {
        return fail(Errc::invalid_argument,
                    fmt::format("The DuckDB file \"{}\" cannot be used: {}", file.string(), why));
    };
    if (!is_inside(folder, layout.data_dir / "warehouse") && is_inside(folder, layout.data_dir))
        return refuse(
            "it lies in the appliance's own data folder. Use its folder warehouse/, or "
            "one elsewhere.");
    // A run may write in the whole folder, so that must not be one that others depend on.
    if (is_inside(layout.data_dir, folder) || is_inside(layout.run_dir, folder) ||
        folder == "/tmp" || folder == "/var/tmp")
        return refuse("give it a folder that is the warehouse's alone.");
    for (const char* system : kSystemFolders)
        if (is_inside(folder, system)) return refuse("it lies in one of the system's folders.");
    return folder;
}

// A virtual environment borrows its interpreter and standard library from another folder.
std::optional<fs::path> interpreter_home(const fs::path& engine) {
    std::error_code error;
    auto real = fs::canonical(engine / "bin" / "python", error);
    if (error || is_inside(real, "/usr") || is_inside(real, engine)) return std::nullopt;
    return real.parent_path().parent_path();
}

}  // namespace

result<ConfinementSettings> ConfinementSettings::from(const Settings& settings) {
    ConfinementSettings chosen;
    auto mode = settings.get("SANDBOX");
    if (mode != "on" && mode != "off")
        return fail(Errc::invalid_argument, "MILLWRIGHT_SANDBOX: must be on or off");
    chosen.on = mode == "on";
    MW_TRY(chosen.limits,
           cgroup::parse_limits(settings.get("RUN_MEMORY_MB"), settings.get("RUN_CPUS"),
                                settings.get("RUN_PROCESSES")));
    auto list = settings.get("SANDBOX_FOLDERS");
    for (std::size_t at = 0; at < list.size();) {
        auto end = std::min(list.find(':', at), list.size());
        auto folder = fs::path(list.substr(at, end - at));
        if (!folder.empty() && !folder.is_absolute())
            return fail(Errc::invalid_argument,
                        fmt::format("MILLWRIGHT_SANDBOX_FOLDERS: {} is not an absolute path",
                                    folder.string()));
        if (!folder.empty()) chosen.folders.push_back(resolved(folder));
        at = end + 1;
    }
    return chosen;
}

result<std::vector<fs::path>> warehouse_folders(const Layout& layout, const ProfileSpec& profile) {
    std::vector<fs::path> folders;
    if (profile.adapter != "duckdb") return folders;
    std::vector<std::string> paths;
    take_paths(profile.connection, paths);
    take_paths(profile.extended_attributes, paths);
    for (const auto& path : paths) {
        if (!is_local_file(path)) continue;
        MW_TRY(auto folder, folder_of(layout, path));
        folders.push_back(std::move(folder));
    }
    return folders;
}

result<std::optional<sandbox::Plan>> plan_confinement(const ConfinementSettings& settings,
                                                      const Layout& layout,
                                                      const Workspace& workspace,
                                                      const ProfileSpec& profile,
                                                      const fs::path& engine) {
    if (!settings.on) return std::nullopt;
    sandbox::Plan plan;
    plan.root = workspace.new_root();
    plan.binds = sandbox::system_binds();
    plan.binds.push_back({.source = engine});
    plan.binds.push_back({.source = layout.engine_host_dir});
    if (auto home = interpreter_home(engine)) plan.binds.push_back({.source = *home});
    // On disk, not in memory, where a large temporary file would be one's own undoing.
    plan.binds.push_back({.source = workspace.tmp(), .inside = "/tmp", .writable = true});
    plan.binds.push_back({.source = workspace.root(), .inside = kSeenWorkspace, .writable = true});
    MW_TRY(auto folders, warehouse_folders(layout, profile));
    folders.insert(folders.end(), settings.folders.begin(), settings.folders.end());
    for (auto& folder : folders)
        plan.binds.push_back({.source = std::move(folder), .writable = true, .optional = true});
    plan.open_files_max = kOpenFilesMax;
    plan.processes_max = settings.processes_max > 0
                             ? std::min(settings.processes_max, kProcessesMax)
                             : kProcessesMax;
    plan.cgroups = settings.doors;
    return plan;
}

}  // namespace mw::runner
