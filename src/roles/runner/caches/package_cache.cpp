#include "roles/runner/caches/package_cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "base/log.hpp"
#include "infra/crypto/token_hash.hpp"
#include "roles/runner/caches/tree_copy.hpp"
#include "roles/runner/project/plain_file.hpp"

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLock = "package-lock.yml";
constexpr const char* kPackages = "packages";
constexpr const char* kFacts = "facts";
constexpr std::size_t kMostListBytes = 1024UL * 1024;
// Of one project: a few branches with packages of their own.
constexpr std::size_t kMostEntries = 10;
constexpr std::size_t kKeyDigits = 24;
constexpr std::size_t kShownDigits = 12;

// Empty for what is not there; nothing for what is no plain file of a list's size.
std::optional<std::string> read_list(const fs::path& file) {
    auto text = read_plain(file, kMostListBytes);
    if (text) return std::move(*text);
    return text.error().code == Errc::not_found ? std::optional<std::string>("") : std::nullopt;
}

std::string facts_text(const TreeFacts& facts) {
    return fmt::format("{} files, {} bytes\n", facts.files, facts.bytes);
}

// Says to the janitor that it is in use.
void touch(const fs::path& entry) {
    ::utimensat(AT_FDCWD, entry.c_str(), nullptr, 0);
}

std::string counted(int packages) {
    return packages == 1 ? "1 package" : fmt::format("{} packages", packages);
}

}  // namespace

PackageCache::PackageCache(const Layout& layout, const RunSpec& spec, const fs::path& engine,
                           fs::path project_folder, const ProjectFile& project)
    : cache_dir_(layout.package_cache_dir),
      project_folder_(std::move(project_folder)),
      prefix_(fmt::format("project-{}-", spec.project_id)),
      place_(fmt::format("{}\n{}\n{}", engine.filename().string(),
                         spec.repository.project_subdirectory, project.packages_path)),
      may_keep_(!spec.is_pull_request()) {
    // One folder of the project itself: others are left to dbt.
    auto path = fs::path(project.packages_path).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    if (path == path.filename() && path != "." && path != "..") packages_path_ = path;
}

std::optional<PackageCache::Files> PackageCache::read_files() const {
    auto packages = read_list(project_folder_ / "packages.yml");
    auto dependencies = read_list(project_folder_ / "dependencies.yml");
    auto lock = read_list(project_folder_ / kLock);
    if (!packages || !dependencies || !lock) return std::nullopt;
    return Files{std::move(*packages), std::move(*dependencies), std::move(*lock)};
}

std::string PackageCache::name_of(const Files& files) const {
    crypto::Sha256 hash;
    for (const auto& part : {place_, files.packages, files.dependencies, files.lock}) {
        hash.update(fmt::format("{}\n", part.size()));
        hash.update(part);
    }
    return prefix_ + hash.hex().substr(0, kKeyDigits);
}

bool PackageCache::has_lock() const {
    std::error_code error;
    return fs::exists(fs::symlink_status(project_folder_ / kLock, error));
}

std::string PackageCache::lock() const {
    return read_list(project_folder_ / kLock).value_or("");
}

void PackageCache::put_lock(const std::string& text) const {
    UniqueFd file(::open((project_folder_ / kLock).c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!file || !write_all(file.get(), text))
        log::warn("package lock not put into the project", {{"errno", errno}});
}

std::string PackageCache::install() {
    before_.reset();
    auto files = read_files();
    if (!files || packages_path_.empty()) return {};
    auto listed = read_package_pins(files->packages);
    auto depended = read_package_pins(files->dependencies);
    if (!listed || !depended) return {};
    std::error_code error;
    if (listed->count + depended->count == 0) {
        // dbt would remove packages that are there all the same.
        if (!files->lock.empty() ||
            fs::exists(fs::symlink_status(project_folder_ / packages_path_, error)))
            return {};
        // In dbt's own words.
        return "Warning: No packages were found in packages.yml";
    }
    before_ = *files;
    bool is_exact = listed->exact && depended->exact;
    if (files->lock.empty() && is_exact) {
        auto lock_file = cache_dir_ / (name_of(*files) + ".lock");
        files->lock = read_list(lock_file).value_or("");
        if (files->lock.empty()) return {};
        touch(lock_file);
        put_lock(files->lock);
    }
    auto locked = read_package_pins(files->lock);
    if (!locked || locked->count == 0 || !locked->exact) return {};
    auto entry = cache_dir_ / name_of(*files);
    if (!bring(entry)) return {};
    before_.reset();
    return fmt::format("{} from the cache (lock digest {})", counted(locked->count),
                       crypto::sha256_hex(files->lock).substr(0, kShownDigits));
}

bool PackageCache::bring(const fs::path& entry) const {
    auto facts = read_list(entry / kFacts);
    if (!facts || facts->empty()) return false;
    std::error_code error;
    if (fs::exists(fs::symlink_status(project_folder_ / packages_path_, error))) return false;
    auto copied = copy_tree({entry, kPackages}, {project_folder_, packages_path_});
    touch(entry);
    // One that was written to the end, and that nobody is removing meanwhile.
    if (copied && facts_text(*copied) == *facts) return true;
    log::warn("packages not taken from the cache",
              {{"reason", copied ? "it is not whole" : copied.error().message}});
    fs::remove_all(entry, error);
    fs::remove_all(project_folder_ / packages_path_, error);
    return false;
}

void PackageCache::keep() {
    auto before = std::exchange(before_, std::nullopt);
    auto after = read_files();
    if (!may_keep_ || !before || !after || after->lock.empty()) return;
    // The project's lock is out of date: the next run would not look for what dbt made of it.
    if (!before->lock.empty() && before->lock != after->lock) return;
    auto locked = read_package_pins(after->lock);
    if (!locked || !locked->exact || locked->count == 0) return;
    if (auto made = prepare_private_folder(cache_dir_); !made) {
        log::info("packages not kept", {{"reason", made.error().message}});
        return;
    }
    std::error_code error;
    auto entry = cache_dir_ / name_of(*after);
    if (!fs::exists(entry, error)) {
        auto fresh = entry.string() + fmt::format(".{}", ::getpid());
        fs::remove_all(fresh, error);
        fs::create_directory(fresh, error);
        auto copied = copy_tree({project_folder_, packages_path_}, {fresh, kPackages});
        bool whole = copied && write_file_atomically(fs::path(fresh) / kLock, after->lock, 0600) &&
                     write_file_atomically(fs::path(fresh) / kFacts, facts_text(*copied), 0600);
        if (whole) fs::rename(fresh, entry, error);
        if (!whole || error) {
            log::info("packages not kept",
                      {{"reason", copied ? error.message() : copied.error().message}});
            fs::remove_all(fresh, error);
            return;
        }
    }
    // dbt would find the same ones again, as long as nothing but the list decides.
    auto listed = read_package_pins(before->packages);
    auto depended = read_package_pins(before->dependencies);
    if (before->lock.empty() && listed && depended && listed->exact && depended->exact &&
        listed->count + depended->count == locked->count)
        (void)write_file_atomically(cache_dir_ / (name_of(*before) + ".lock"), after->lock, 0600);
    make_room();
}

void PackageCache::make_room() const {
    std::error_code error;
    std::vector<std::pair<fs::file_time_type, fs::path>> entries;
    for (fs::directory_iterator entry(cache_dir_, error), end; !error && entry != end;
         entry.increment(error))
        if (entry->path().filename().string().starts_with(prefix_) && entry->is_directory(error))
            entries.emplace_back(entry->last_write_time(error), entry->path());
    if (entries.size() <= kMostEntries) return;
    std::ranges::sort(entries);
    entries.resize(entries.size() - kMostEntries);
    for (const auto& [used, entry] : entries)
        fs::remove_all(entry, error);
}

}  // namespace mw::runner
