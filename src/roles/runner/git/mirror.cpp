#include "roles/runner/git/mirror.hpp"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "base/files.hpp"
#include "base/layout.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "infra/crypto/token_hash.hpp"
#include "roles/runner/git/direct.hpp"
#include "roles/runner/git/words.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t kNameDigits = 16;
constexpr std::size_t kKeyDigits = 32;
constexpr std::size_t kMostShallowBytes = 64UL * 1024 * 1024;
// Of somebody else's fetch, before it is done without.
constexpr auto kPatience = 10min;
constexpr auto kSoon = 1s;
constexpr auto kPause = 20ms;
// What the remote's HEAD names is noted as the text of this one.
constexpr const char* kHead = "HEAD";
// Why the remote was away, for those who wait meanwhile.
constexpr const char* kAwayNote = "AWAY";
constexpr auto kStillAway = 60s;

std::string key_of(std::string_view kind, std::string_view name) {
    return crypto::sha256_hex(fmt::format("{}\n{}", kind, name)).substr(0, kKeyDigits);
}

// Whether it can be a branch at all, and nothing else in what git is told (gitcheckref-format).
bool is_plain_name(std::string_view name) {
    if (name.empty() || name.starts_with('-') || name.find("..") != name.npos ||
        name.find("@{") != name.npos)
        return false;
    for (unsigned char c : name)
        if (c <= ' ' || c == 0x7f ||
            std::string_view(":?*[\\^~").find(static_cast<char>(c)) != std::string_view::npos)
            return false;
    return true;
}

}  // namespace

std::string mirror_name(Id repository_id, std::string_view url) {
    return fmt::format("{}-{}", repository_id, crypto::sha256_hex(url).substr(0, kNameDigits));
}

Mirror::Mirror(Git& git, const fs::path& cache, const Source& source)
    : git_(git), source_(source), cache_(cache), mirror_(cache, source.mirror) {
}

Mirror::~Mirror() {
    leave();
}

fs::path Mirror::folder() const {
    return git_.setting().workspace.root() / source_.folder;
}

std::vector<std::string> Mirror::in_mirror(std::vector<std::string> args) const {
    args.insert(args.begin(), "--git-dir=" + mirror_.path().string());
    return args;
}

Mirror::Answer Mirror::fetch() {
    auto made = prepare_private_folder(cache_);
    if (!made) {
        log::warn("no repository cache", {{"reason", made.error().message}});
        co_return std::nullopt;
    }
    if (source_.sha.empty()) co_return co_await fetch_branch();
    // One that was shortened means what it means among all that the remote has.
    if (!is_full_sha(source_.sha)) co_return std::nullopt;
    MW_CO_TRY(auto known, co_await fetch_known_commit());
    if (known) co_return known;
    co_return co_await fetch_commit();
}

asio::awaitable<result<bool>> Mirror::take(git::MirrorLock::Use use) {
    using asio::experimental::awaitable_operators::operator||;
    const auto& [workspace, hosts, log, stop] = git_.setting();
    leave();
    auto began = std::chrono::steady_clock::now();
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (bool said = false;;) {
        if (stop.requested()) co_return fail(Errc::cancelled, stop.message());
        auto lock = git::MirrorLock::try_take(mirror_.lock_file(), use);
        if (!lock) {
            log::warn("no repository cache", {{"reason", lock.error().message}});
            co_return false;
        }
        if (*lock) {
            lock_.emplace(std::move(**lock));
            git_.hold(lock_->fd());
            co_return true;
        }
        auto waited = std::chrono::steady_clock::now() - began;
        had_to_wait_ = true;
        if (waited > kPatience) co_return false;
        if (waited > kSoon && !said)
            log.info("Waiting for another run, which is fetching from the same repository");
        said = said || waited > kSoon;
        pause.expires_after(kPause);
        co_await (pause.async_wait(asio::use_awaitable) || stop.wait_requested());
    }
}

asio::awaitable<result<bool>> Mirror::begin_change() {
    MW_CO_TRY(bool taken, co_await take(git::MirrorLock::Use::exclusive));
    if (!taken) co_return false;
    auto ready = mirror_.prepare();
    if (ready) ready = mirror_.begin_change();
    if (!ready) log::warn("no repository cache", {{"reason", ready.error().message}});
    co_return ready.has_value();
}

// Empty when the mirror has no such commit.
asio::awaitable<result<std::string>> Mirror::commit_of(std::string name) {
    MW_CO_TRY(bool known,
              co_await git_.ask(in_mirror({"rev-parse", "--quiet", "--verify", "--end-of-options",
                                           std::move(name) + "^{commit}"})));
    co_return known ? git_.first_word_line() : std::string();
}

// As far as the remote tells; noted for when it is away.
asio::awaitable<result<std::string>> Mirror::default_branch() {
    if (!source_.branch.empty()) co_return source_.branch;
    auto noted = mirror_.text_of(kHead);
    if (!noted.empty()) co_return noted;
    MW_CO_TRY(auto head, co_await ask_for_head(git_, source_.url));
    co_return head ? head->branch : std::string();
}

Mirror::Answer Mirror::fetch_known_commit() {
    if (!mirror_.exists()) co_return std::nullopt;
    MW_CO_TRY(bool taken, co_await take(git::MirrorLock::Use::shared));
    if (!taken || !mirror_.exists()) co_return std::nullopt;
    MW_CO_TRY(auto sha, co_await commit_of(source_.sha));
    if (sha.empty()) co_return std::nullopt;
    git_.setting().log.info(fmt::format("Commit {} is in the repository cache", sha));
    MW_CO_TRY(auto branch, co_await default_branch());
    co_return co_await copy_out({.sha = std::move(sha), .branch = std::move(branch)});
}

// False: see git's words.
asio::awaitable<result<bool>> Mirror::fetch_ref(std::string ref, std::string key,
                                                std::string text) {
    MW_CO_TRY(bool fetched,
              co_await git_.ask(in_mirror(
                  {"fetch", "--quiet", "--no-tags", "--depth=1", "--no-write-fetch-head", "--",
                   source_.url, fmt::format("+{}:{}", ref, git::MirrorFolder::ref_of(key))})));
    if (!fetched) co_return false;
    mirror_.forget_tip(kAwayNote);
    MW_CO_CHECK(mirror_.note_tip(key, text));
    co_return true;
}

Mirror::Answer Mirror::refused(std::string why) {
    git_.log_words();
    co_return fail(Errc::upstream_failed, std::move(why));
}

Mirror::Answer Mirror::fetch_commit() {
    MW_CO_TRY(bool begun, co_await begin_change());
    if (!begun) co_return std::nullopt;
    git_.setting().log.info("Fetching commit " + source_.sha);
    auto key = key_of("commit", source_.sha);
    MW_CO_TRY(bool fetched, co_await fetch_ref(source_.sha, key, source_.sha));
    mirror_.end_change();
    if (!fetched && trouble_of(git_.words()) == GitTrouble::away)
        co_return co_await refused(co_await git_.explain(source_));
    // A server may give it out with its branch only.
    if (!fetched) co_return std::nullopt;
    MW_CO_TRY(auto sha, co_await commit_of(git::MirrorFolder::ref_of(key)));
    MW_CO_TRY(auto branch, co_await default_branch());
    co_return co_await copy_out({.sha = std::move(sha), .branch = std::move(branch)});
}

Mirror::Answer Mirror::fetch_branch() {
    if (!source_.branch.empty() && !is_plain_name(source_.branch)) co_return std::nullopt;
    MW_CO_TRY(bool begun, co_await begin_change());
    if (!begun) co_return std::nullopt;
    if (auto why = just_found_away()) {
        auto branch = source_.branch.empty() ? mirror_.text_of(kHead) : source_.branch;
        mirror_.end_change();
        co_return co_await last_known(std::move(branch), std::move(*why));
    }
    if (!source_.branch.empty()) co_return co_await fetch_tip(source_.branch);
    MW_CO_TRY(auto head, co_await ask_for_head(git_, source_.url));
    if (!head) {
        auto trouble = trouble_of(git_.words());
        mirror_.end_change();
        if (trouble == GitTrouble::unclear) co_return std::nullopt;
        auto why = co_await git_.explain(source_);
        auto noted = mirror_.text_of(kHead);
        if (trouble == GitTrouble::answered || noted.empty())
            co_return co_await refused(std::move(why));
        (void)mirror_.note_tip(kAwayNote, why);
        co_return co_await last_known(std::move(noted), std::move(why));
    }
    if (!is_plain_name(head->branch)) {
        mirror_.end_change();
        co_return std::nullopt;
    }
    if (!mirror_.note_tip(kHead, head->branch)) co_return std::nullopt;
    auto key = key_of("branch", head->branch);
    auto ref = git::MirrorFolder::ref_of(key);
    MW_CO_TRY(auto known, co_await commit_of(ref));
    if (known.empty() || known != head->sha) co_return co_await fetch_tip(head->branch);
    mirror_.end_change();
    if (!mirror_.note_tip(key, head->branch)) co_return std::nullopt;
    git_.setting().log.info(
        fmt::format("Branch {} has not changed since it was fetched last", head->branch));
    co_return co_await copy_out({.sha = std::move(known), .branch = head->branch});
}

// A host that does not answer is asked by one run at a time; those behind it need not wait as long,
// each for itself.
std::optional<std::string> Mirror::just_found_away() const {
    auto age = mirror_.age_of(kAwayNote);
    if (!had_to_wait_ || !age || *age > kStillAway) return std::nullopt;
    return mirror_.text_of(kAwayNote);
}

// A tag goes as a branch, as it does with `git clone --branch`.
Mirror::Answer Mirror::fetch_tip(std::string branch) {
    git_.setting().log.info(fmt::format("Fetching branch {}", branch));
    auto key = key_of("branch", branch);
    MW_CO_TRY(bool fetched, co_await fetch_ref("refs/heads/" + branch, key, branch));
    auto is_missing = [&] {
        return git_.words().find("couldn't find remote ref refs/") != std::string::npos;
    };
    if (!fetched && is_missing()) {
        MW_CO_TRY(fetched, co_await fetch_ref("refs/tags/" + branch, key, branch));
        on_branch_ = false;
        // What it was is not what it is now.
        if (!fetched && is_missing()) mirror_.forget_tip(key);
    }
    mirror_.end_change();
    if (fetched) {
        MW_CO_TRY(auto sha, co_await commit_of(git::MirrorFolder::ref_of(key)));
        suspect_ = sha.empty();
        if (suspect_) co_return std::nullopt;
        co_return co_await copy_out({.sha = std::move(sha), .branch = std::move(branch)});
    }
    auto trouble = trouble_of(git_.words());
    suspect_ = trouble == GitTrouble::unclear;
    if (suspect_) co_return std::nullopt;
    auto why = co_await git_.explain(source_);
    if (trouble == GitTrouble::answered) co_return co_await refused(std::move(why));
    (void)mirror_.note_tip(kAwayNote, why);
    co_return co_await last_known(std::move(branch), std::move(why));
}

Mirror::Answer Mirror::last_known(std::string branch, std::string why) {
    git_.log_words();
    auto key = key_of("branch", branch);
    auto age = mirror_.age_of(key);
    MW_CO_TRY(auto sha, co_await commit_of(git::MirrorFolder::ref_of(key)));
    if (!age || sha.empty()) co_return fail(Errc::upstream_failed, std::move(why));
    git_.setting().log.warn(
        fmt::format("{} This run goes on with what was fetched last, {} ago: commit {} of branch "
                    "{}. What was pushed since is not in it.",
                    why, humanize_duration(*age), sha, branch));
    co_return co_await copy_out(
        {.sha = std::move(sha), .branch = std::move(branch), .from_cache = true});
}

// As `git clone` would leave it, but for a program and a half: with all packs of the mirror, which
// hold single commits.
result<> Mirror::make_repository(const Found& found) const {
    std::error_code error;
    auto git_folder = folder() / ".git";
    for (const auto& made : {git_folder / "objects" / "pack", git_folder / "refs" / "heads"}) {
        fs::create_directories(made, error);
        if (error) return fail(file_error(error.value(), "The checkout cannot be made", made));
    }
    auto shallow = read_file(mirror_.path() / "shallow", kMostShallowBytes);
    if (shallow) MW_CHECK(write_file_atomically(git_folder / "shallow", *shallow, 0600));
    auto config = fmt::format(
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"
        "\tlogallrefupdates = true\n[remote \"origin\"]\n\turl = {}\n"
        "\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
        quoted_for_git(source_.url));
    MW_CHECK(write_file_atomically(git_folder / "config", config, 0600));
    if (!source_.sha.empty() || found.branch.empty() || !on_branch_)
        return write_file_atomically(git_folder / "HEAD", found.sha + "\n", 0600);
    auto packed = fmt::format(
        "# pack-refs with: peeled fully-peeled sorted \n{0} refs/heads/{1}\n"
        "{0} refs/remotes/origin/{1}\n",
        found.sha, found.branch);
    MW_CHECK(write_file_atomically(git_folder / "packed-refs", packed, 0600));
    return write_file_atomically(git_folder / "HEAD",
                                 fmt::format("ref: refs/heads/{}\n", found.branch), 0600);
}

Mirror::Answer Mirror::copy_out(Found found) {
    mirror_.note_use();
    // Others may do the same meanwhile; if not even that is left, it is done without the mirror.
    if (!lock_->share()) co_return std::nullopt;
    MW_CO_CHECK(make_repository(found));
    MW_CO_TRY(bool good, co_await git_.run_program(
                             "cp", {"-R", "--reflink=auto", "--", mirror_.packs().string(),
                                    (folder() / ".git" / "objects").string()}));
    leave();
    if (good) {
        MW_CO_TRY(good, co_await git_.ask(
                            {"-C", source_.folder, "read-tree", "--reset", "-u", found.sha}));
    }
    if (good) co_return found;
    suspect_ = true;
    git_.log_words();
    git_.setting().log.warn("The cached repository could not be used");
    std::error_code ignored;
    fs::remove_all(folder(), ignored);
    co_return std::nullopt;
}

void Mirror::leave() {
    git_.hold(-1);
    lock_.reset();
}

void Mirror::give_up() {
    leave();
    auto lock = git::MirrorLock::try_take(mirror_.lock_file(), git::MirrorLock::Use::exclusive);
    if (lock && *lock) mirror_.remove();
}

}  // namespace mw::runner
