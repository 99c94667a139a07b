// Fetches by way of a mirror (infra/git/mirror_folder): what is new goes from the remote into the
// mirror, and the commit from there into the workspace, as a repository of its own. Nothing in the
// workspace refers to the mirror: objects are copied, not linked, so that nobody who writes there
// reaches it.
//
// A branch is always asked for at the remote; when that is away, its last commit is taken. A commit
// that is there needs no remote.
// Errors: as direct.hpp. What is wrong with the mirror itself is none: then it is done without.
#pragma once

#include <filesystem>

#include "infra/git/mirror_folder.hpp"
#include "roles/runner/git/git_program.hpp"

namespace mw::runner {

// Of a repository's URL, without secrets: "7-0123456789abcdef".
std::string mirror_name(Id repository_id, std::string_view url);

class Mirror {
  public:
    // `git` is that of the source's address; all outlive it.
    Mirror(Git& git, const std::filesystem::path& cache, const Source& source);
    ~Mirror();

    // Empty: fetch without it.
    boost::asio::awaitable<result<std::optional<Found>>> fetch();

    // Lets others use it; after an empty answer.
    void leave();
    // Once the same was fetched without it: was that the mirror's fault?
    bool is_suspect() const { return suspect_; }
    // For the next run to make it anew.
    void give_up();

  private:
    using Answer = boost::asio::awaitable<result<std::optional<Found>>>;

    Answer fetch_known_commit();
    Answer fetch_commit();
    Answer fetch_branch();
    Answer fetch_tip(std::string branch);
    Answer last_known(std::string branch, std::string why);
    Answer copy_out(Found found);
    Answer refused(std::string why);
    std::optional<std::string> just_found_away() const;
    boost::asio::awaitable<result<bool>> take(git::MirrorLock::Use use);
    boost::asio::awaitable<result<bool>> begin_change();
    boost::asio::awaitable<result<bool>> fetch_ref(std::string ref, std::string key,
                                                   std::string text);
    boost::asio::awaitable<result<std::string>> commit_of(std::string name);
    boost::asio::awaitable<result<std::string>> default_branch();
    result<> make_repository(const Found& found) const;
    std::filesystem::path folder() const;
    std::vector<std::string> in_mirror(std::vector<std::string> args) const;

    Git& git_;
    const Source& source_;
    std::filesystem::path cache_;
    git::MirrorFolder mirror_;
    std::optional<git::MirrorLock> lock_;
    bool had_to_wait_ = false;
    bool on_branch_ = true;
    bool suspect_ = false;
};

}  // namespace mw::runner
