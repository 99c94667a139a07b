#include "engines/installer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "engines/installed_folder.hpp"
#include "engines/run_program.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;

// Variables that would lead uv to another environment than the one being built, or would let
// it take what the lock file does not name.
constexpr auto kMisleading = std::to_array<std::string_view>({
    "CONDA_PREFIX=",
    "PYTHONHOME=",
    "PYTHONPATH=",
    "UV_BREAK_SYSTEM_PACKAGES=",
    "UV_CONSTRAINT=",
    "UV_NO_VERIFY_HASHES=",
    "UV_OVERRIDE=",
    "UV_PREFIX=",
    "UV_PROJECT=",
    "UV_SYSTEM_PYTHON=",
    "UV_TARGET=",
    "UV_WORKING_DIR=",
    "VIRTUAL_ENV=",
});

constexpr std::string_view kVersionOfPython = "import sys; print('%d.%d' % sys.version_info[:2])";

// Prints what describe_versions() expects.
constexpr std::string_view kVersionsOfEngine = R"(
import importlib, sys
import dbt.cli.main, dbt.version
print('dbt=' + dbt.version.__version__, *(
    name + '=' + importlib.import_module('dbt.adapters.' + name + '.__version__').version
    for name in sys.argv[1:]))
)";

std::string describe_versions(const Entry& entry) {
    std::string text = "dbt=" + entry.dbt_version;
    for (const auto& [name, version] : entry.adapters)
        text += fmt::format(" {}={}", name, version);
    return text;
}

std::vector<std::string> environment_for_uv() {
    std::vector<std::string> environment;
    for (char** variable = environ; *variable; ++variable) {
        std::string_view text = *variable;
        if (std::ranges::none_of(kMisleading, [&](auto name) { return text.starts_with(name); }))
            environment.emplace_back(text);
    }
    for (std::string_view forced :
         {"UV_PYTHON_DOWNLOADS=never", "UV_NO_PROGRESS=1", "NO_COLOR=1",
          // The files never change again, so nobody needs to compare times at each import.
          "PYC_INVALIDATION_MODE=UNCHECKED_HASH"}) {
        auto name = forced.substr(0, forced.find('=') + 1);
        std::erase_if(environment, [&](const auto& text) { return text.starts_with(name); });
        environment.emplace_back(forced);
    }
    return environment;
}

// One installation at a time in an engines folder, whoever runs it.
result<UniqueFd> lock_engines(const fs::path& engines_dir, const Progress& progress) {
    auto path = engines_dir / ".install.lock";
    UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!lock) return fail(file_error(errno, "The engines folder cannot be used", path));
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    progress("Waiting for another installation to end");
    while (::flock(lock.get(), LOCK_EX) != 0)
        if (errno != EINTR)
            return fail(file_error(errno, "The engines folder cannot be locked", path));
    return lock;
}

class Installation {
  public:
    Installation(const Entry& entry, const InstallOptions& options, const Progress& progress)
        : entry_(entry),
          options_(options),
          progress_(progress),
          folder_(engine_folder(options.engines_dir, entry)),
          staging_(staging_folder(options.engines_dir, entry)) {}

    // With the installation lock held.
    result<InstalledEngine> run() {
        MW_CHECK(remove_staging_folders(options_.engines_dir));
        MW_CHECK(check_python());
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
        progress_(fmt::format("Installing {} (dbt {})", entry_.title, entry_.dbt_version));
        MW_CHECK(uv({"venv", "--quiet", "--relocatable", "--no-project", "--python",
                     options_.python_program.string(), staging_.string()}));
        MW_CHECK(uv(install_arguments()));
        progress_("Checking the engine");
        MW_CHECK(verify(staging_));
        MW_CHECK(write_record(staging_, entry_));
        MW_CHECK(make_read_only(staging_));
        return publish();
    }

    std::vector<std::string> install_arguments() const {
        std::vector<std::string> args{"pip", "install", "--python",
                                      (staging_ / "bin/python").string(), "--require-hashes",
                                      // A source package would run its author's code here.
                                      "--only-binary", ":all:",
                                      // A link into the cache would not be ours alone.
                                      "--link-mode", "copy", "--compile-bytecode", "--requirements",
                                      entry_.lock_file.string()};
        if (options_.wheelhouse)
            args.insert(args.end(), {"--no-index", "--find-links", options_.wheelhouse->string()});
        return args;
    }

    result<> uv(std::vector<std::string> args) {
        if (options_.cache_dir) {
            args.insert(args.end(), {"--cache-dir", options_.cache_dir->string()});
        } else {
            args.emplace_back("--no-cache");
        }
        Program program{.program = options_.uv_program,
                        .args = std::move(args),
                        .environment = environment_for_uv(),
                        .cwd = options_.engines_dir};
        MW_TRY(auto outcome, run_program(program, [&](auto line) { progress_(line); }));
        if (outcome.succeeded) return {};
        return fail(Errc::upstream_failed,
                    fmt::format("{} could not be installed (uv: {}).\n{}", entry_.title,
                                outcome.how, outcome.last_lines));
    }

    result<std::string> python(const fs::path& program, std::vector<std::string> args) {
        args.insert(args.begin(), "-I");
        Program command{.program = program,
                        .args = std::move(args),
                        .environment = environment_for_uv(),
                        .cwd = options_.engines_dir};
        MW_TRY(auto outcome, run_program(command, [](auto) {}));
        if (outcome.succeeded) return std::move(outcome.last_lines);
        return fail(Errc::upstream_failed, fmt::format("{} ended with {}.\n{}", program.string(),
                                                       outcome.how, outcome.last_lines));
    }

    result<> check_python() {
        MW_TRY(auto version,
               python(options_.python_program, {"-c", std::string(kVersionOfPython)}));
        int major = 0;
        int minor = 0;
        auto dot = version.find('.');
        if (dot != std::string::npos) {
            std::from_chars(version.data(), version.data() + dot, major);
            std::from_chars(version.data() + dot + 1, version.data() + version.size(), minor);
        }
        if (entry_.python.contains(major, minor)) return {};
        return fail(Errc::invalid_argument, fmt::format("{} needs {}, and {} is {}.", entry_.title,
                                                        entry_.python.describe(),
                                                        options_.python_program.string(), version));
    }

    result<> verify(const fs::path& folder) {
        std::vector<std::string> args{"-c", std::string(kVersionsOfEngine)};
        for (const auto& [name, version] : entry_.adapters)
            args.push_back(name);
        MW_TRY(auto versions, python(folder / "bin/python", std::move(args)));
        if (versions == describe_versions(entry_)) return {};
        return fail(Errc::upstream_failed, fmt::format("The engine says it is {}, not {}.",
                                                       versions, describe_versions(entry_)));
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
    const InstallOptions& options_;
    const Progress& progress_;
    fs::path folder_;
    fs::path staging_;
};

}  // namespace

result<InstalledEngine> install(const Entry& entry, const InstallOptions& options,
                                const Progress& progress) {
    if (!entry.installable)
        return fail(Errc::invalid_argument,
                    fmt::format("{} cannot be installed: {}", entry.title, entry.reason));
    if (auto engine = find_installed(options.engines_dir, entry)) return *engine;
    if (options.wheelhouse && !fs::is_directory(*options.wheelhouse))
        return fail(Errc::not_found, fmt::format("There is no folder of wheels at {}.",
                                                 options.wheelhouse->string()));

    std::error_code error;
    fs::create_directories(options.engines_dir, error);
    if (error)
        return fail(
            file_error(error.value(), "The engines folder cannot be made", options.engines_dir));
    // uv is started from another folder.
    InstallOptions absolute = options;
    absolute.engines_dir = fs::absolute(options.engines_dir);
    if (options.wheelhouse) absolute.wheelhouse = fs::absolute(*options.wheelhouse);
    if (options.cache_dir) absolute.cache_dir = fs::absolute(*options.cache_dir);
    if (options.uv_program.has_parent_path())
        absolute.uv_program = fs::absolute(options.uv_program);
    Entry located = entry;
    located.lock_file = fs::absolute(entry.lock_file);

    MW_TRY(auto lock, lock_engines(absolute.engines_dir, progress));
    if (auto engine = find_installed(absolute.engines_dir, entry)) return *engine;
    return Installation(located, absolute, progress).run();
}

std::vector<InstalledEngine> list_installed(const fs::path& engines_dir) {
    std::vector<InstalledEngine> engines;
    std::error_code error;
    for (const auto& folder : fs::directory_iterator(engines_dir, error)) {
        if (folder.path().filename().string().starts_with('.')) continue;
        if (auto engine = read_record(folder.path())) engines.push_back(std::move(*engine));
    }
    std::ranges::sort(engines, {},
                      [](const auto& engine) { return std::pair(engine.name, engine.folder); });
    return engines;
}

std::optional<InstalledEngine> find_installed(const fs::path& engines_dir, const Entry& entry) {
    if (!entry.installable) return std::nullopt;
    auto engine = read_record(engine_folder(engines_dir, entry));
    if (!engine || engine->lock_digest != entry.lock_digest) return std::nullopt;
    return engine;
}

}  // namespace mw::engines
