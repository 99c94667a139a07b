#include "engines/installer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "engines/installed_folder.hpp"
#include "engines/manifest.hpp"
#include "engines/package_tools.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDriversName = "drivers";

// Prints what describe_versions() expects.
constexpr std::string_view kVersionsOfEngine = R"(
import importlib, sys
import dbt.cli.main, dbt.version
print('dbt=' + dbt.version.__version__, *(
    name + '=' + importlib.import_module('dbt.adapters.' + name + '.__version__').version
    for name in sys.argv[1:]))
)";

// Loads a driver as the engine will: by its file and the name of its function.
constexpr std::string_view kLoadDriver =
    "import ctypes, sys; getattr(ctypes.CDLL(sys.argv[1]), sys.argv[2])";

constexpr std::string_view kLoadLibrary = "import ctypes, sys; ctypes.CDLL(sys.argv[1])";

std::string describe_versions(const AdapterSet& set) {
    std::string text = "dbt=" + set.dbt_version;
    for (const auto& [name, version] : set.adapters)
        text += fmt::format(" {}={}", name, version);
    return text;
}

std::string title_of(const Entry& entry, const AdapterSet& set) {
    return set.name == kBaseSet ? entry.title : fmt::format("{} with {}", entry.title, set.name);
}

// What an engine that looks for the driver reads.
std::string driver_manifest(const Driver& driver, const fs::path& library) {
    return fmt::format(R"(name = "{}"
version = "{}"

[ADBC]
version = "1.1.0"

[Driver]
entrypoint = "{}"

[Driver.shared]
{} = "{}"
)",
                       driver.name, driver.version, driver.entrypoint,
                       driver.machine == "aarch64" ? "linux_arm64" : "linux_amd64",
                       library.string());
}

class Installation {
  public:
    Installation(const Entry& entry, const AdapterSet& set, const InstallOptions& options,
                 int lock_fd, const Progress& progress)
        : entry_(entry),
          set_(set),
          options_(options),
          progress_(progress),
          tools_(options, fmt::format("{} could not be installed", title_of(entry, set)), lock_fd,
                 progress),
          folder_(engine_folder(options.engines_dir, entry, set)),
          staging_(staging_folder(options.engines_dir, entry, set)) {}

    // With the installation lock held.
    result<InstalledEngine> run() {
        MW_CHECK(remove_leftovers(options_.engines_dir));
        MW_CHECK(tools_.check_python(entry_, set_));
        MW_CHECK(check_libraries());
        auto built = build();
        if (!built) {
            // What failed is the news; what cannot be removed now, the next installation removes.
            if (auto removed = remove_folder(staging_); !removed)
                progress_(removed.error().message);
            return fail(std::move(built).error());
        }
        auto engine = read_record(folder_);
        if (!engine) return fail(Errc::internal, "The installed engine has no record.");
        return *engine;
    }

  private:
    result<> build() {
        progress_(fmt::format("Installing {} ({})", title_of(entry_, set_),
                              version_words(entry_.family, set_.dbt_version)));
        MW_TRY(auto drivers, drivers_here(entry_, set_));
        MW_CHECK(tools_.make_environment(staging_));
        MW_CHECK(install_packages());
        for (const auto* driver : drivers)
            MW_CHECK(install_driver(*driver));
        progress_("Checking the engine");
        MW_CHECK(check_versions());
        MW_CHECK(record());
        MW_CHECK(make_read_only(staging_));
        return publish();
    }

    result<> check_libraries() {
        for (const auto& [library, package] : set_.libraries) {
            auto loaded =
                tools_.ask(options_.python_program,
                           {"-I", "-c", std::string(kLoadLibrary), library}, options_.engines_dir);
            if (!loaded)
                return fail(Errc::not_found,
                            fmt::format("{} needs {} on this machine, which is not there (Debian's "
                                        "package {}).",
                                        title_of(entry_, set_), library, package),
                            loaded.error().message);
        }
        return {};
    }

    result<> install_packages() {
        auto installed =
            tools_.install(staging_, set_.lock_file, set_.sources, entry_.tools_lock_file);
        if (!installed && options_.wheelhouse)
            installed.error().message += fmt::format(
                "\nIf the folder of wheels lacks a file: `millwright engine download {}{} --to "
                "DIR` fetches all of them, where there is a package index.",
                entry_.name, set_.name == kBaseSet ? "" : " --adapter " + set_.name);
        return installed;
    }

    result<> install_driver(const Driver& driver) {
        auto drivers = staging_ / kDriversName;
        auto scratch = staging_ / ".packages";
        std::error_code error;
        fs::create_directory(drivers, error);
        if (!error) fs::create_directory(scratch, error);
        if (error) return fail(file_error(error.value(), "The engine cannot be written", drivers));
        if (!options_.wheelhouse) MW_CHECK(tools_.download(driver, scratch));
        MW_CHECK(tools_.unpack(driver, options_.wheelhouse.value_or(scratch), drivers));
        MW_CHECK(remove_folder(scratch));
        auto library = fs::path(driver.library).filename();
        MW_CHECK(tools_.ask(
            staging_ / "bin/python",
            {"-I", "-c", std::string(kLoadDriver), (drivers / library).string(), driver.entrypoint},
            options_.engines_dir));
        // Where it will lie, not where it lies now.
        return write_file_atomically(drivers / (driver.name + ".toml"),
                                     driver_manifest(driver, folder_ / kDriversName / library),
                                     0644);
    }

    result<> check_versions() {
        if (entry_.family == Family::linter) return check_linter_version();
        if (entry_.family != Family::core1) return check_native_version();
        std::vector<std::string> args{"-I", "-c", std::string(kVersionsOfEngine)};
        for (const auto& [name, version] : set_.adapters)
            args.push_back(name);
        MW_TRY(auto versions,
               tools_.ask(staging_ / "bin/python", std::move(args), options_.engines_dir));
        // Some adapters talk while they are imported.
        auto last = versions.substr(versions.rfind('\n') + 1);
        if (last == describe_versions(set_)) return {};
        return fail(Errc::upstream_failed, fmt::format("The engine says it is {}, not {}.", last,
                                                       describe_versions(set_)));
    }

    result<> check_native_version() {
        MW_TRY(auto says, tools_.ask(staging_ / "bin/dbt", {"--version"}, options_.engines_dir));
        if (says.ends_with(" " + set_.dbt_version)) return {};
        return fail(Errc::upstream_failed,
                    fmt::format("The engine says it is {}, not {}.", says, set_.dbt_version));
    }

    result<> check_linter_version() {
        MW_TRY(auto says,
               tools_.ask(staging_ / "bin/python", {"-I", "-m", std::string(kLinter), "--version"},
                          options_.engines_dir));
        if (says.ends_with(" " + set_.dbt_version)) return {};
        return fail(Errc::upstream_failed,
                    fmt::format("SQLFluff says it is {}, not {}.", says, set_.dbt_version));
    }

    result<> record() {
        MW_TRY(auto manifest, write_manifest(staging_));
        return write_record(staging_, {.name = entry_.name,
                                       .set = set_.name,
                                       .title = title_of(entry_, set_),
                                       .family = entry_.family,
                                       .dbt_version = set_.dbt_version,
                                       .adapters = set_.adapters,
                                       .licence = entry_.licence,
                                       .accepted_licence = entry_.accept,
                                       .digest = set_.digest,
                                       .manifest_digest = manifest.digest,
                                       .bytes = manifest.bytes,
                                       .folder = {}});
    }

    result<> publish() {
        // Without this, a power cut could leave the name and not the files.
        UniqueFd engines(::open(options_.engines_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!engines || ::syncfs(engines.get()) != 0)
            return fail(file_error(errno, "The engine cannot be written", options_.engines_dir));
        MW_CHECK(remove_folder(folder_));
        if (::rename(staging_.c_str(), folder_.c_str()) != 0)
            return fail(file_error(errno, "The engine cannot be put in its place", folder_));
        return sync_folder(options_.engines_dir);
    }

    const Entry& entry_;
    const AdapterSet& set_;
    const InstallOptions& options_;
    const Progress& progress_;
    PackageTools tools_;
    fs::path folder_;
    fs::path staging_;
};

}  // namespace

std::map<std::string, std::string> InstalledEngine::environment() const {
    if (family == Family::core1 || family == Family::linter) return {};
    return {{"ADBC_DRIVER_PATH", (folder / kDriversName).string()}};
}

std::string version_words(Family family, std::string_view version) {
    return fmt::format("{} {}", family == Family::linter ? "SQLFluff" : "dbt", version);
}

result<> check_licence(const Entry& entry, std::string_view accepted_licence) {
    if (!entry.installable)
        return fail(Errc::invalid_argument,
                    fmt::format("{} cannot be installed: {}", entry.title, entry.reason));
    if (entry.accept == accepted_licence || entry.accept.empty()) return {};
    return fail(Errc::forbidden,
                fmt::format("{} comes under {}, which is no free licence and which only you can "
                            "accept. If you do, add: --accept-licence {}",
                            entry.title, entry.licence, entry.accept));
}

result<InstalledEngine> install(const Entry& entry, const AdapterSet& set,
                                const InstallOptions& options, const Progress& progress) {
    MW_CHECK(check_licence(entry, options.accepted_licence));
    if (auto engine = find_installed(options.engines_dir, entry, set)) return *engine;
    if (options.wheelhouse && !fs::is_directory(*options.wheelhouse))
        return fail(Errc::not_found, fmt::format("There is no folder of wheels at {}.",
                                                 options.wheelhouse->string()));

    std::error_code error;
    fs::create_directories(options.engines_dir, error);
    if (error)
        return fail(
            file_error(error.value(), "The engines folder cannot be made", options.engines_dir));
    // The programs are started in another folder.
    InstallOptions absolute = options;
    absolute.engines_dir = fs::absolute(options.engines_dir);
    if (options.wheelhouse) absolute.wheelhouse = fs::absolute(*options.wheelhouse);
    if (options.cache_dir) absolute.cache_dir = fs::absolute(*options.cache_dir);
    for (auto* program : {&absolute.uv_program, &absolute.npm_program, &absolute.python_program})
        if (program->has_parent_path()) *program = fs::absolute(*program);
    Entry located = entry;
    located.tools_lock_file = fs::absolute(entry.tools_lock_file);
    AdapterSet located_set = set;
    located_set.lock_file = fs::absolute(set.lock_file);

    MW_TRY(auto lock, lock_engines(absolute.engines_dir, progress));
    if (auto engine = find_installed(absolute.engines_dir, entry, set)) return *engine;
    return Installation(located, located_set, absolute, lock.get(), progress).run();
}

std::vector<InstalledEngine> list_installed(const fs::path& engines_dir) {
    std::vector<InstalledEngine> engines;
    std::error_code error;
    for (const auto& folder : fs::directory_iterator(engines_dir, error)) {
        if (folder.path().filename().string().starts_with('.')) continue;
        if (auto engine = read_record(folder.path())) engines.push_back(std::move(*engine));
    }
    std::ranges::sort(engines, {}, [](const auto& engine) {
        return std::tuple(engine.name, engine.set, engine.folder);
    });
    return engines;
}

std::optional<InstalledEngine> find_installed(const fs::path& engines_dir, const Entry& entry,
                                              const AdapterSet& set) {
    if (!entry.installable) return std::nullopt;
    auto engine = read_record(engine_folder(engines_dir, entry, set));
    if (!engine || engine->digest != set.digest) return std::nullopt;
    return engine;
}

result<InstalledEngine> find_for_adapter(const fs::path& engines_dir, const Entry& entry,
                                         std::string_view adapter) {
    MW_TRY(const auto* set, entry.set_with(adapter));
    if (auto engine = find_installed(engines_dir, entry, *set)) return *engine;
    return fail(Errc::not_found,
                fmt::format("{} is not installed on this machine. This installs it: {}",
                            title_of(entry, *set), install_command(entry, *set)));
}

std::string install_command(const Entry& entry, const AdapterSet& set) {
    auto command = fmt::format("millwright engine install {}", entry.name);
    if (set.name != kBaseSet) command += " --adapter " + set.name;
    if (!entry.accept.empty()) command += " --accept-licence " + entry.accept;
    return command;
}

}  // namespace mw::engines
