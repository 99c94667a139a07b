#include "infra/store/file_walk.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include "base/files.hpp"
#include "infra/store/file_object.hpp"

namespace mw::store {
namespace {

struct Entry {
    std::string name;  // logical; a folder's ends with "/", which puts it in its place by order
    std::filesystem::path path;
};

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

bool is_folder(const dirent* entry, const std::filesystem::path& path) {
    if (entry->d_type != DT_UNKNOWN) return entry->d_type == DT_DIR;
    struct stat facts{};
    return ::lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

result<std::vector<Entry>> read_folder(const std::filesystem::path& folder) {
    std::vector<Entry> entries;
    std::unique_ptr<DIR, CloseFolder> open(::opendir(folder.c_str()));
    if (!open) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) return entries;
        return fail(file_error(errno, "The objects cannot be listed", folder));
    }
    for (;;) {
        errno = 0;
        const auto* entry = ::readdir(open.get());
        if (!entry && errno != 0)
            return fail(file_error(errno, "The objects cannot be listed", folder));
        if (!entry) break;
        std::string_view name = entry->d_name;
        if (name == "." || name == "..") continue;
        auto path = folder / name;
        auto parsed = parse_disk_name(name, is_folder(entry, path));
        if (!parsed) continue;
        entries.push_back(
            {parsed->folder ? parsed->segment + "/" : std::move(parsed->segment), std::move(path)});
    }
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
}

// Depth first; recursion is bounded by the length of a key.
class Walker {
  public:
    Walker(const std::string& prefix, const std::string& after, const Visit& visit)
        : prefix_(prefix), after_(after), visit_(visit) {}

    result<bool> folder(const std::filesystem::path& path, const std::string& key) {
        MW_TRY(auto entries, read_folder(path));
        for (const auto& entry : entries) {
            auto full = key + entry.name;
            if (entry.name.ends_with('/')) {
                if (!may_hold(full)) continue;
                MW_TRY(bool go_on, folder(entry.path, full));
                if (!go_on) return false;
            } else if (full.starts_with(prefix_) && full > after_ && !visit_(full, entry.path)) {
                return false;
            }
        }
        return true;
    }

  private:
    // Can a key that begins with `folder_key` begin with the prefix and be greater than `after`?
    bool may_hold(const std::string& folder_key) const {
        bool fits = folder_key.starts_with(prefix_) || prefix_.starts_with(folder_key);
        bool later = folder_key > after_ || after_.starts_with(folder_key);
        return fits && later;
    }

    const std::string& prefix_;
    const std::string& after_;
    const Visit& visit_;
};

}  // namespace

result<> walk(const std::filesystem::path& root, const std::string& prefix,
              const std::string& after, const Visit& visit) {
    // Begin in the prefix's folder: its siblings, maybe a hundred thousand runs, are not read.
    auto folder_key = prefix.substr(0, prefix.rfind('/') + 1);
    auto start = root;
    if (!folder_key.empty()) {
        auto inside = folder_key + "x";
        if (!check_key(inside)) return {};  // no object can have such a key
        start /= path_of(inside).parent_path();
    }
    MW_CHECK(Walker(prefix, after, visit).folder(start, folder_key));
    return {};
}

void prune_empty_folders(const std::filesystem::path& root, const std::filesystem::path& file) {
    for (auto folder = file.parent_path(); folder != root && folder.has_relative_path();
         folder = folder.parent_path())
        if (::rmdir(folder.c_str()) != 0) return;
}

}  // namespace mw::store
