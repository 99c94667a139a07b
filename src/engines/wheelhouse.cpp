#include "engines/wheelhouse.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "base/files.hpp"
#include "engines/installed_folder.hpp"
#include "engines/package_tools.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;

// A folder of our own beside the files, so that each gets its place by a rename.
class Scratch {
  public:
    static result<Scratch> make(const fs::path& folder) {
        std::error_code error;
        fs::create_directories(folder, error);
        if (error) return fail(file_error(error.value(), "The folder cannot be made", folder));
        auto name = (folder / ".download-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            return fail(file_error(errno, "The folder cannot be written", folder));
        return Scratch(name);
    }
    Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Scratch& operator=(Scratch&&) = delete;
    ~Scratch() {
        if (!path_.empty()) static_cast<void>(remove_folder(path_));
    }

    const fs::path& path() const { return path_; }

  private:
    explicit Scratch(fs::path path) : path_(std::move(path)) {}
    fs::path path_;
};

result<Downloaded> move_files(const fs::path& from, const fs::path& to) {
    Downloaded downloaded;
    std::error_code error;
    for (const auto& file : fs::directory_iterator(from, error)) {
        if (!file.is_regular_file()) continue;
        downloaded.bytes += file.file_size();
        ++downloaded.files;
        auto place = to / file.path().filename();
        if (::rename(file.path().c_str(), place.c_str()) != 0)
            return fail(file_error(errno, "The file cannot be put in its place", place));
    }
    if (error) return fail(file_error(error.value(), "The folder cannot be read", from));
    MW_CHECK(sync_folder(to));
    return downloaded;
}

}  // namespace

result<Downloaded> download(const Entry& entry, const AdapterSet& set,
                            const InstallOptions& options, const fs::path& folder,
                            const Progress& progress) {
    MW_CHECK(check_licence(entry, options.accepted_licence));
    auto target = fs::absolute(folder);
    MW_TRY(auto scratch, Scratch::make(target));
    auto environment = scratch.path() / "tools";
    auto files = scratch.path() / "files";
    std::error_code error;
    fs::create_directory(files, error);
    if (error) return fail(file_error(error.value(), "The folder cannot be written", files));

    InstallOptions own = options;
    own.engines_dir = scratch.path();
    own.wheelhouse.reset();
    if (options.cache_dir) own.cache_dir = fs::absolute(*options.cache_dir);
    for (auto* program : {&own.uv_program, &own.npm_program, &own.python_program})
        if (program->has_parent_path()) *program = fs::absolute(*program);
    PackageTools tools(own, fmt::format("{} could not be downloaded", entry.title), -1, progress);
    auto tools_lock = fs::absolute(entry.tools_lock_file);

    progress(fmt::format("Downloading {}, set {} ({})", entry.title, set.name,
                         version_words(entry.family, set.dbt_version)));
    MW_TRY(auto drivers, drivers_here(entry, set));
    MW_CHECK(tools.check_python(entry, set));
    MW_CHECK(tools.make_environment(environment));
    MW_CHECK(tools.install(environment, tools_lock, {}, tools_lock));
    MW_CHECK(tools.download(environment, fs::absolute(set.lock_file), set.sources, files));
    if (!set.sources.empty()) MW_CHECK(tools.download(environment, tools_lock, {}, files));
    for (const auto* driver : drivers)
        MW_CHECK(tools.download(*driver, files));
    return move_files(files, target);
}

}  // namespace mw::engines
