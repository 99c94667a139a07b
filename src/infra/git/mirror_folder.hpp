// A copy of somebody's repository, which the runs of a project share so that each need fetch no
// more than what is new. A bare repository of single commits, without their history.
//
//   <cache>/<name>/         the repository; what was fetched is refs/tips/<key>
//   <cache>/<name>/tips/    a file a tip, made anew each time that it was asked for: its age is the
//                           file's, its text is the caller's
//   <cache>/<name>.lock     who uses it: to change it exclusively, to copy out of it shared
//
// Programs that are started under a lock hold it too (`fd`): what a killed worker leaves behind has
// ended before anybody else begins.
// Blocking, for no longer than a look at the disk. Errors: as files.hpp.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace mw::git {

class MirrorLock {
  public:
    enum class Use { shared, exclusive };

    // Empty when it is used in a way that forbids it. Errors: the disk.
    static result<std::optional<MirrorLock>> try_take(const std::filesystem::path& file, Use use);

    int fd() const { return file_.get(); }
    // From exclusive to shared; false: the lock is lost.
    bool share();

  private:
    explicit MirrorLock(UniqueFd file) : file_(std::move(file)) {}
    UniqueFd file_;
};

class MirrorFolder {
  public:
    MirrorFolder(const std::filesystem::path& cache, const std::string& name);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path packs() const { return path_ / "objects" / "pack"; }
    const std::filesystem::path& lock_file() const { return lock_file_; }

    // Under the exclusive lock. An empty one if there is none; else without what a fetch has left
    // that did not come to its end.
    result<> prepare();
    // Around whatever changes it.
    result<> begin_change();
    void end_change();
    void remove();

    // Under any lock.
    bool exists() const;
    // Tells the janitor that it is in use.
    void note_use() const;

    // `key` is a file's name.
    static std::string ref_of(const std::string& key) { return "refs/tips/" + key; }
    result<> note_tip(const std::string& key, const std::string& text);
    // Empty when it has never been fetched.
    std::optional<std::chrono::seconds> age_of(const std::string& key) const;
    std::string text_of(const std::string& key) const;
    void forget_tip(const std::string& key);
    // Those that nobody asked for during this time.
    void forget_tips_older_than(std::chrono::hours age);

  private:
    void sweep();

    std::filesystem::path path_;
    std::filesystem::path lock_file_;
};

}  // namespace mw::git
