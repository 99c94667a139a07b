#include "roles/runner/caches/tree_copy.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>

#include "base/files.hpp"
#include "base/unique_fd.hpp"

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::unexpected<Error> refuse(const char* why, const char* name) {
    return fail(Error{Errc::invalid_argument, why, name, {}});
}

std::unexpected<Error> broken(const char* what, const char* name) {
    if (errno == ELOOP || errno == ENOTDIR) return refuse("A link is not followed.", name);
    return fail(file_error(errno, what, name));
}

result<UniqueFd> open_folder(const TreePlace& place, bool make) {
    UniqueFd folder(::open(place.root.c_str(), kFolder));
    for (const auto& part : place.relative) {
        if (!folder) break;
        if (make && ::mkdirat(folder.get(), part.c_str(), 0755) != 0 && errno != EEXIST)
            return broken("A folder cannot be made", part.c_str());
        folder = UniqueFd(::openat(folder.get(), part.c_str(), kFolder));
    }
    if (!folder) return broken("A folder cannot be opened", place.relative.c_str());
    return folder;
}

class TreeCopy {
  public:
    explicit TreeCopy(TreeLimits limits) : limits_(limits) {}

    result<> copy_folder(int from, int to, int depth) {
        if (depth > limits_.depth) return refuse("Folders lie too deep in each other.", "");
        // The stream owns its descriptor.
        std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(::openat(from, ".", kFolder)),
                                                    &::closedir);
        if (!entries) return broken("A folder cannot be read", "");
        while (const auto* entry = ::readdir(entries.get())) {
            std::string_view name = entry->d_name;
            if (name == "." || name == "..") continue;
            MW_CHECK(copy_entry(from, to, entry->d_name, depth));
        }
        return {};
    }

    const TreeFacts& facts() const { return facts_; }

  private:
    result<> copy_entry(int from, int to, const char* name, int depth) {
        struct stat seen{};
        if (::fstatat(from, name, &seen, AT_SYMLINK_NOFOLLOW) != 0)
            return broken("A file cannot be looked at", name);
        if (S_ISREG(seen.st_mode)) return copy_file(from, to, name);
        if (!S_ISDIR(seen.st_mode)) return refuse("Only plain files are copied.", name);
        if (::mkdirat(to, name, 0755) != 0) return broken("A folder cannot be made", name);
        UniqueFd inner_from(::openat(from, name, kFolder));
        UniqueFd inner_to(::openat(to, name, kFolder));
        if (!inner_from || !inner_to) return broken("A folder cannot be opened", name);
        return copy_folder(inner_from.get(), inner_to.get(), depth + 1);
    }

    result<> copy_file(int from, int to, const char* name) {
        UniqueFd source(::openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        struct stat seen{};
        if (!source || ::fstat(source.get(), &seen) != 0)
            return broken("A file cannot be read", name);
        if (!S_ISREG(seen.st_mode)) return refuse("Only plain files are copied.", name);
        auto size = static_cast<std::uint64_t>(seen.st_size);
        facts_.files += 1;
        facts_.bytes += size;
        if (facts_.files > limits_.files || facts_.bytes > limits_.bytes)
            return refuse("There are too many files, or they are too large.", name);
        bool runs = (seen.st_mode & S_IXUSR) != 0;
        UniqueFd target(::openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                 runs ? 0755 : 0644));
        if (!target) return broken("A file cannot be made", name);
        while (size > 0) {
            auto sent = ::sendfile(target.get(), source.get(), nullptr, size);
            if (sent < 0) return broken("A file cannot be copied", name);
            if (sent == 0) return refuse("A file grew shorter while it was copied.", name);
            size -= static_cast<std::uint64_t>(sent);
        }
        return {};
    }

    TreeLimits limits_;
    TreeFacts facts_;
};

}  // namespace

result<TreeFacts> copy_tree(const TreePlace& from, const TreePlace& to, TreeLimits limits) {
    MW_TRY(auto source, open_folder(from, false));
    MW_TRY(auto parent, open_folder({to.root, to.relative.parent_path()}, true));
    auto name = to.relative.filename();
    if (::mkdirat(parent.get(), name.c_str(), 0755) != 0)
        return broken("A folder cannot be made", name.c_str());
    UniqueFd target(::openat(parent.get(), name.c_str(), kFolder));
    if (!target) return broken("A folder cannot be opened", name.c_str());
    TreeCopy copy(limits);
    MW_CHECK(copy.copy_folder(source.get(), target.get(), 1));
    return copy.facts();
}

}  // namespace mw::runner
