#include "engines/package_tools.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/files.hpp"
#include "engines/manifest.hpp"
#include "engines/run_program.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLockBytesMax = 4UL * 1024 * 1024;

// Variables that would lead uv to another environment than the one being built, or would let
// it take what the lock file does not name.
constexpr auto kMisleading = std::to_array<std::string_view>({
    "CONDA_PREFIX=",
    "PIP_CONSTRAINT=",
    "PIP_REQUIREMENT=",
    "PIP_TARGET=",
    "PYTHONHOME=",
    "PYTHONPATH=",
    "UV_BREAK_SYSTEM_PACKAGES=",
    "UV_BUILD_CONSTRAINT=",
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

constexpr auto kForced = std::to_array<std::string_view>({
    "UV_PYTHON_DOWNLOADS=never",
    "UV_NO_PROGRESS=1",
    "NO_COLOR=1",
    // The files never change again, so nobody needs to compare times at each import.
    "PYC_INVALIDATION_MODE=UNCHECKED_HASH",
    // One result whether there is a compiler or not.
    "DISABLE_LOGBOOK_CEXT=1",
});

constexpr std::string_view kVersionOfPython = "import sys; print('%d.%d' % sys.version_info[:2])";

std::vector<std::string> environment_for_tools() {
    std::vector<std::string> environment;
    auto value_of = [](std::string_view name) -> std::string {
        const char* value = ::getenv(std::string(name).c_str());
        return value ? value : "";
    };
    for (char** variable = environ; *variable; ++variable) {
        std::string_view text = *variable;
        if (std::ranges::none_of(kMisleading, [&](auto name) { return text.starts_with(name); }))
            environment.emplace_back(text);
    }
    for (auto forced : kForced) {
        auto name = forced.substr(0, forced.find('=') + 1);
        std::erase_if(environment, [&](const auto& text) { return text.starts_with(name); });
        environment.emplace_back(forced);
    }
    // pip downloads and uv installs: what one was told of the package index, the other knows too.
    if (auto index = value_of("UV_DEFAULT_INDEX");
        !index.empty() && value_of("PIP_INDEX_URL").empty())
        environment.emplace_back("PIP_INDEX_URL=" + index);
    return environment;
}

// The packages that a lock file names, which was checked when the catalogue was loaded.
result<std::vector<std::string>> names_in(const fs::path& lock_file) {
    MW_TRY(auto text, read_file(lock_file, kLockBytesMax));
    std::vector<std::string> names;
    for (std::string_view rest = text; !rest.empty();) {
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (line.empty() || line[0] == '#' || line[0] == ' ') continue;
        names.emplace_back(line.substr(0, line.find("==")));
    }
    return names;
}

bool contains(const std::vector<std::string>& list, const std::string& name) {
    return std::ranges::find(list, name) != list.end();
}

}  // namespace

result<> PackageTools::run(std::string_view name, const fs::path& program,
                           std::vector<std::string> args, const fs::path& cwd) const {
    Program command{.program = program,
                    .args = std::move(args),
                    .environment = environment_for_tools(),
                    .cwd = cwd,
                    .keep_fd = keep_fd_};
    MW_TRY(auto outcome, run_program(command, [&](auto line) { progress_(line); }));
    if (outcome.succeeded) return {};
    return fail(Errc::upstream_failed,
                fmt::format("{} ({}: {}).\n{}", purpose_, name, outcome.how, outcome.last_lines));
}

result<> PackageTools::uv(std::vector<std::string> args) const {
    if (options_.cache_dir) {
        args.insert(args.end(), {"--cache-dir", options_.cache_dir->string()});
    } else {
        args.emplace_back("--no-cache");
    }
    return run("uv", options_.uv_program, std::move(args), options_.engines_dir);
}

result<std::string> PackageTools::ask(const fs::path& program, std::vector<std::string> args,
                                      const fs::path& cwd) const {
    Program command{.program = program,
                    .args = std::move(args),
                    .environment = environment_for_tools(),
                    .cwd = cwd,
                    .keep_fd = keep_fd_};
    MW_TRY(auto outcome, run_program(command, [](auto) {}));
    if (outcome.succeeded) return std::move(outcome.last_lines);
    return fail(Errc::upstream_failed, fmt::format("{} ended with {}.\n{}", program.string(),
                                                   outcome.how, outcome.last_lines));
}

result<> PackageTools::check_python(const Entry& entry, const AdapterSet& set) const {
    MW_TRY(auto version, ask(options_.python_program, {"-I", "-c", std::string(kVersionOfPython)},
                             options_.engines_dir));
    int major = 0;
    int minor = 0;
    auto dot = version.find('.');
    if (dot != std::string::npos) {
        std::from_chars(version.data(), version.data() + dot, major);
        std::from_chars(version.data() + dot + 1, version.data() + version.size(), minor);
    }
    if (set.python.contains(major, minor)) return {};
    return fail(
        Errc::invalid_argument,
        fmt::format("{} needs {}, and {} is {}. Another interpreter is given by --python.",
                    entry.title, set.python.describe(), options_.python_program.string(), version));
}

result<> PackageTools::make_environment(const fs::path& folder) const {
    return uv({"venv", "--quiet", "--relocatable", "--no-project", "--python",
               options_.python_program.string(), folder.string()});
}

result<> PackageTools::install(const fs::path& environment, const fs::path& lock_file,
                               const std::vector<std::string>& sources,
                               const fs::path& tools_lock_file) const {
    std::vector<std::string> args{
        "pip", "install", "--python", (environment / "bin/python").string(), "--require-hashes",
        // A link into the cache would not be ours alone.
        "--link-mode", "copy", "--compile-bytecode", "--requirements", lock_file.string()};
    // A source package runs its author's code here: none but those that the catalogue names.
    if (sources.empty()) {
        args.insert(args.end(), {"--only-binary", ":all:"});
    } else {
        MW_TRY(auto names, names_in(lock_file));
        for (const auto& name : names)
            args.insert(args.end(),
                        {contains(sources, name) ? "--no-binary" : "--only-binary", name});
        args.insert(args.end(), {"--build-constraint", tools_lock_file.string()});
    }
    if (options_.wheelhouse)
        args.insert(args.end(), {"--no-index", "--find-links", options_.wheelhouse->string()});
    return uv(std::move(args));
}

result<> PackageTools::download(const fs::path& environment, const fs::path& lock_file,
                                const std::vector<std::string>& sources,
                                const fs::path& folder) const {
    std::vector<std::string> args{
        "-I", "-m", "pip", "download", "--disable-pip-version-check", "--no-cache-dir", "--no-deps",
        "--require-hashes", "--progress-bar", "off",
        // What a source package needs is in the environment; nothing is fetched for it.
        "--no-build-isolation", "--only-binary", ":all:"};
    for (const auto& source : sources)
        args.insert(args.end(), {"--no-binary", source});
    args.insert(args.end(), {"--dest", folder.string(), "--requirement", lock_file.string()});
    return run("pip", environment / "bin/python", std::move(args), folder);
}

result<> PackageTools::download(const Driver& driver, const fs::path& folder) const {
    auto cache = folder / ".npm-cache";
    MW_CHECK(run("npm", options_.npm_program,
                 {"pack", driver.npm, "--pack-destination", folder.string(), "--ignore-scripts",
                  "--silent", "--cache", cache.string()},
                 folder));
    std::error_code ignored;
    fs::remove_all(cache, ignored);
    MW_TRY(auto digest, digest_of_file(folder / driver.file));
    if (digest == driver.sha256) return {};
    return fail(Errc::upstream_failed,
                fmt::format("{}: {} is not the file that the catalogue names; its digest is {}.",
                            purpose_, driver.file, digest));
}

result<> PackageTools::unpack(const Driver& driver, const fs::path& folder,
                              const fs::path& to) const {
    auto package = folder / driver.file;
    auto digest = digest_of_file(package);
    if (!digest && digest.error().code == Errc::not_found)
        return fail(Errc::not_found,
                    fmt::format("{}: there is no {} in the wheelhouse. `millwright engine "
                                "download` puts it there.",
                                purpose_, driver.file));
    MW_CHECK(digest);
    if (*digest != driver.sha256)
        return fail(Errc::upstream_failed,
                    fmt::format("{}: {} is not the file that the catalogue names; its digest is "
                                "{}.",
                                purpose_, driver.file, *digest));
    auto depth = std::ranges::count(driver.library, '/');
    return run("tar", "tar",
               {"--extract", "--gzip", "--no-same-owner", "--no-same-permissions",
                fmt::format("--strip-components={}", depth), "--file", package.string(),
                "--directory", to.string(), driver.library},
               to);
}

result<std::vector<const Driver*>> drivers_here(const Entry& entry, const AdapterSet& set) {
    struct utsname facts{};
    ::uname(&facts);
    std::vector<const Driver*> drivers;
    for (const auto& driver : set.drivers)
        if (driver.machine == facts.machine) drivers.push_back(&driver);
    if (drivers.empty() && !set.drivers.empty())
        return fail(Errc::invalid_argument, fmt::format("{} has no driver for this machine ({}).",
                                                        entry.title, facts.machine));
    return drivers;
}

}  // namespace mw::engines
