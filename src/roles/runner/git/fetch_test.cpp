// With real git on real folders. Remotes over the network:
// tests/functional/test_repository_cache.py.
#include "roles/runner/git/fetch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fstream>
#include <iterator>

#include "infra/git/mirror_folder.hpp"
#include "infra/process/run_command.hpp"
#include "roles/runner/git/mirror.hpp"
#include "roles/runner/report/api_client.hpp"
#include "test_support/run_on.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::experimental::awaitable_operators::operator&&;
using testing::AllOf;
using testing::HasSubstr;

std::string read(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

class FetchTest : public testing::Test {
  protected:
    void SetUp() override {
        make("shop");
        first_ = commit("shop", {{"models/a.sql", "select 1"}});
    }

    std::string git(std::vector<std::string> args, const fs::path& folder) {
        process::SpawnOptions options;
        options.program = "git";
        options.args = std::move(args);
        options.args.insert(options.args.begin(),
                            {"-c", "user.name=ann", "-c", "user.email=ann@h", "-c",
                             "protocol.file.allow=always", "-c", "safe.directory=*"});
        options.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                               {"HOME", folder_.path().string()},
                               {"GIT_CONFIG_NOSYSTEM", "1"}};
        options.cwd = folder;
        auto done = test::run_on(io_, process::run_command(std::move(options)));
        EXPECT_TRUE(done && done->status.success()) << (done ? done->err : done.error().message);
        return done->out.substr(0, done->out.find('\n'));
    }
    fs::path tree(const std::string& name) { return folder_.path() / (name + ".git"); }
    void make(const std::string& name) {
        git({"init", "-q", "-b", "main", tree(name).string()}, folder_.path());
    }
    std::string commit(const std::string& name, std::map<std::string, std::string> files) {
        for (const auto& [file, text] : files)
            write(tree(name) / file, text);
        git({"add", "--all"}, tree(name));
        git({"commit", "-q", "-m", "change"}, tree(name));
        return git({"rev-parse", "HEAD"}, tree(name));
    }
    RepositorySpec spec(std::string branch = "main", std::string sha = {}) {
        return {.remote_url = "file://" + tree("shop").string(),
                .git_branch = std::move(branch),
                .git_sha = std::move(sha),
                .project_subdirectory = {},
                .id = 7,
                .may_be_cached = true};
    }

    struct Run {
        Run(asio::io_context& io, const fs::path& workspaces, int number)
            : workspace(Workspace::create(workspaces, number).value()),
              stop(io.get_executor()),
              api(io.get_executor(), "/nowhere", Secret("token"), stop),
              shipper(io.get_executor(), api, stop),
              hosts(workspace.home() / ".ssh" / "known_hosts", {}) {}
        asio::awaitable<result<Checkout>> fetch(RepositorySpec repository, fs::path mirrors) {
            return fetch_repository(std::move(repository), {workspace, std::move(mirrors), {}},
                                    hosts, StepLog(shipper, 1), stop);
        }
        std::string file(const std::string& name) { return read(workspace.repository() / name); }

        Workspace workspace;
        Stop stop;
        ApiClient api;
        LogShipper shipper;
        KnownHosts hosts;
    };
    Run& begin() {
        runs_.push_back(std::make_unique<Run>(io_, folder_.path() / "workspaces",
                                              static_cast<int>(runs_.size())));
        return *runs_.back();
    }
    result<Checkout> fetch(RepositorySpec repository) {
        return test::run_on(io_, begin().fetch(std::move(repository), cache_));
    }
    Run& last() { return *runs_.back(); }
    fs::path mirror() { return cache_ / mirror_name(7, "file://" + tree("shop").string()); }
    std::size_t packs() {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(mirror() / "objects" / "pack"))
            count += entry.path().extension() == ".pack" ? 1 : 0;
        return count;
    }

    test::TempDir folder_;
    asio::io_context io_;
    fs::path cache_ = folder_.path() / "cache";
    std::vector<std::unique_ptr<Run>> runs_;
    std::string first_;
};

TEST_F(FetchTest, ARunFetchesWhatIsNewIntoTheMirror) {
    auto found = fetch(spec());
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->sha, first_);
    EXPECT_EQ(found->branch, "main");
    EXPECT_FALSE(found->used_repo_cache);
    EXPECT_EQ(last().file("models/a.sql"), "select 1");
    EXPECT_EQ(packs(), 1U);
    // Again, without anything new, and then with it.
    ASSERT_TRUE(fetch(spec()));
    EXPECT_EQ(packs(), 1U);
    auto second = commit("shop", {{"models/b.sql", "select 2"}});
    EXPECT_EQ(fetch(spec())->sha, second);
    EXPECT_EQ(last().file("models/a.sql") + last().file("models/b.sql"), "select 1select 2");
    EXPECT_EQ(packs(), 2U);
    EXPECT_EQ(fs::status(cache_).permissions(), fs::perms::owner_all);
}

TEST_F(FetchTest, TheCheckoutStandsOnItsOwn) {
    ASSERT_TRUE(fetch(spec()));
    auto checkout = last().workspace.repository();
    fs::remove_all(cache_);
    EXPECT_EQ(git({"status", "--porcelain"}, checkout), "");
    EXPECT_EQ(git({"rev-parse", "--abbrev-ref", "HEAD"}, checkout), "main");
    EXPECT_EQ(git({"rev-parse", "origin/main"}, checkout), first_);
    EXPECT_EQ(git({"log", "--format=%s"}, checkout), "change");
    EXPECT_EQ(git({"fsck"}, checkout), "");
}

TEST_F(FetchTest, NothingInTheWorkspaceIsAFileOfTheMirror) {
    ASSERT_TRUE(fetch(spec()));
    auto objects = last().workspace.repository() / ".git" / "objects";
    EXPECT_FALSE(fs::exists(objects / "info" / "alternates"));
    for (const auto& entry : fs::recursive_directory_iterator(mirror()))
        if (entry.is_regular_file()) EXPECT_EQ(entry.hard_link_count(), 1U) << entry.path();
    for (const auto& entry : fs::recursive_directory_iterator(objects))
        EXPECT_FALSE(entry.is_symlink()) << entry.path();
}

TEST_F(FetchTest, TheDefaultBranchIsAskedFor) {
    EXPECT_EQ(fetch(spec(""))->branch, "main");
    EXPECT_EQ(fetch(spec(""))->sha, first_);
    git({"checkout", "-q", "-b", "trunk"}, tree("shop"));
    auto second = commit("shop", {{"models/a.sql", "select 2"}});
    auto found = fetch(spec(""));
    EXPECT_EQ(found->branch, "trunk");
    EXPECT_EQ(found->sha, second);
}

TEST_F(FetchTest, ATagGoesAsABranchAndABranchThatIsGoneIsGone) {
    git({"tag", "-a", "-m", "one", "v1"}, tree("shop"));
    commit("shop", {{"models/a.sql", "select 2"}});
    EXPECT_EQ(fetch(spec("v1"))->sha, first_);
    EXPECT_EQ(last().file("models/a.sql"), "select 1");
    EXPECT_EQ(git({"rev-parse", "--abbrev-ref", "HEAD"}, last().workspace.repository()), "HEAD");
    git({"branch", "gone"}, tree("shop"));
    ASSERT_TRUE(fetch(spec("gone")));
    git({"branch", "-D", "gone"}, tree("shop"));
    // A name that could not be beside the one that was there.
    git({"branch", "gone/too"}, tree("shop"));
    EXPECT_THAT(fetch(spec("gone")).error().message, HasSubstr("no branch \"gone\""));
    EXPECT_TRUE(fetch(spec("gone/too")));
    for (auto name : {"a b", "-x", "a:refs/heads/main", "a..b"})
        EXPECT_FALSE(fetch(spec(name))) << name;
}

TEST_F(FetchTest, ACommitThatIsThereNeedsNoRemote) {
    ASSERT_TRUE(fetch(spec()));
    auto second = commit("shop", {{"models/a.sql", "select 2"}});
    ASSERT_TRUE(fetch(spec()));
    fs::rename(tree("shop"), tree("away"));
    auto found = fetch(spec("main", first_));
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_FALSE(found->used_repo_cache);
    EXPECT_EQ(last().file("models/a.sql"), "select 1");
    EXPECT_EQ(fetch(spec("main", second))->sha, second);
    // It is not away but gone, for all that can be known.
    EXPECT_THAT(fetch(spec()).error().message, HasSubstr("no git repository"));
    EXPECT_FALSE(fetch(spec("main", std::string(40, '1'))));
}

TEST_F(FetchTest, ACommitIsFetchedByItsIdOrAPartOfIt) {
    commit("shop", {{"models/a.sql", "select 2"}});
    EXPECT_EQ(fetch(spec("main", first_.substr(0, 10)))->sha, first_);
    EXPECT_FALSE(fs::exists(mirror()));
    EXPECT_EQ(fetch(spec("", first_))->branch, "main");
    EXPECT_EQ(last().file("models/a.sql"), "select 1");
    EXPECT_TRUE(fs::exists(mirror()));
}

TEST_F(FetchTest, WithoutLeaveThereIsNoMirror) {
    auto repository = spec();
    repository.may_be_cached = false;
    EXPECT_EQ(fetch(repository)->sha, first_);
    EXPECT_EQ(test::run_on(io_, begin().fetch(spec(), {}))->sha, first_);
    EXPECT_FALSE(fs::exists(cache_));
    write(cache_, "a file where the folder should be");
    EXPECT_EQ(fetch(spec())->sha, first_);
}

TEST_F(FetchTest, WhatAKilledFetchLeavesBehindIsSwept) {
    ASSERT_TRUE(fetch(spec()));
    auto second = commit("shop", {{"models/a.sql", "select 2"}});
    for (auto file : {"changing", "shallow.lock", "objects/pack/tmp_pack_a", "config.lock",
                      "objects/pack/pack-1.keep"})
        write(mirror() / file, "");
    for (const auto& entry : fs::directory_iterator(mirror() / "refs" / "tips"))
        write(entry.path().string() + ".lock", "");
    EXPECT_EQ(fetch(spec())->sha, second);
    EXPECT_FALSE(fs::exists(mirror() / "shallow.lock"));
    EXPECT_FALSE(fs::exists(mirror() / "changing"));
    // One of which not even the beginning was made.
    fs::remove(mirror() / "HEAD");
    EXPECT_EQ(fetch(spec())->sha, second);
    EXPECT_EQ(packs(), 1U);
}

TEST_F(FetchTest, ABrokenMirrorIsMadeAnew) {
    ASSERT_TRUE(fetch(spec()));
    auto spoil = [&](const char* extension) {
        for (const auto& entry : fs::directory_iterator(mirror() / "objects" / "pack"))
            if (entry.path().extension() == extension) {
                fs::permissions(entry.path(), fs::perms::owner_all);
                write(entry.path(), "spoilt");
            }
    };
    for (auto extension : {".pack", ".idx"}) {
        spoil(extension);
        auto found = fetch(spec());
        ASSERT_TRUE(found) << extension << ": " << found.error().message;
        EXPECT_EQ(last().file("models/a.sql"), "select 1");
        ASSERT_TRUE(fetch(spec()));
        EXPECT_EQ(git({"fsck"}, mirror()), "") << extension;
    }
}

TEST_F(FetchTest, WhileTheHostIsAwayTheLastCommitIsTaken) {
    ASSERT_TRUE(fetch(spec("")));
    // The same mirror, of a host where nobody listens.
    constexpr auto kNobody = "http://127.0.0.1:1/shop.git";
    fs::rename(mirror(), cache_ / mirror_name(7, kNobody));
    for (auto branch : {"", "main"}) {
        auto repository = spec(branch);
        repository.remote_url = kNobody;
        auto found = fetch(repository);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_TRUE(found->used_repo_cache);
        EXPECT_EQ(found->sha, first_);
        EXPECT_EQ(found->branch, "main");
        EXPECT_EQ(last().file("models/a.sql"), "select 1");
    }
    auto other = spec("never-seen");
    other.remote_url = kNobody;
    EXPECT_THAT(fetch(other).error().message, HasSubstr("cannot be reached"));
    // Who waited for one that found it away does not ask for themselves.
    auto& one = begin();
    auto& two = begin();
    auto repository = spec();
    repository.remote_url = kNobody;
    auto both = test::run_on(
        io_, [&] { return one.fetch(repository, cache_) && two.fetch(repository, cache_); });
    EXPECT_TRUE(std::get<0>(both)->used_repo_cache);
    EXPECT_TRUE(std::get<1>(both)->used_repo_cache);
}

TEST_F(FetchTest, SeveralRunsUseOneMirrorAtOnce) {
    auto& one = begin();
    auto& two = begin();
    auto lock = git::MirrorLock::try_take(cache_ / "x", git::MirrorLock::Use::shared);
    auto both =
        test::run_on(io_, [&] { return one.fetch(spec(), cache_) && two.fetch(spec(), cache_); });
    EXPECT_EQ(std::get<0>(both)->sha, first_);
    EXPECT_EQ(std::get<1>(both)->sha, first_);
    EXPECT_EQ(packs(), 1U);
    // A commit that is there does not wait for somebody who copies.
    auto held =
        git::MirrorLock::try_take(mirror().string() + ".lock", git::MirrorLock::Use::shared);
    ASSERT_TRUE(held && *held);
    EXPECT_TRUE(fetch(spec("main", first_)));
    // One that waits for a fetch can be stopped.
    auto& three = begin();
    auto stop_soon = [&]() -> asio::awaitable<void> {
        asio::steady_timer pause(io_, std::chrono::milliseconds(50));
        co_await pause.async_wait(asio::use_awaitable);
        three.stop.request(StopReason::cancelled, "enough");
    };
    auto stopped = test::run_on(io_, [&] { return three.fetch(spec(), cache_) && stop_soon(); });
    EXPECT_EQ(stopped.error().message, "enough");
}

class SubmoduleTest : public FetchTest {
  protected:
    void add(const std::string& to, const std::string& url, const std::string& path,
             const std::string& from) {
        git({"submodule", "--quiet", "add", "--", "file://" + tree(from).string(), path}, tree(to));
        git({"config", "-f", ".gitmodules", "submodule." + path + ".url", url}, tree(to));
        commit(to, {});
    }
};

TEST_F(SubmoduleTest, AreFetchedAsDeepAsTheyGo) {
    make("utils");
    make("deep");
    commit("deep", {{"macros/deep.sql", "deep"}});
    commit("utils", {{"macros/utils.sql", "utils"}});
    add("utils", "../deep.git", "libs/deep", "deep");
    add("shop", "../utils.git", "libs/utils", "utils");
    for (bool cached : {true, false}) {
        auto repository = spec();
        repository.may_be_cached = cached;
        auto found = fetch(repository);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ(last().file("libs/utils/macros/utils.sql"), "utils");
        EXPECT_EQ(last().file("libs/utils/libs/deep/macros/deep.sql"), "deep");
    }
    // Their commits are known by now.
    fs::rename(tree("utils"), tree("away"));
    EXPECT_TRUE(fetch(spec()));
}

TEST_F(SubmoduleTest, OneThatCannotBeFetchedIsNamed) {
    make("utils");
    commit("utils", {{"macros/utils.sql", "utils"}});
    add("shop", "../nowhere.git", "libs/utils", "utils");
    EXPECT_THAT(fetch(spec()).error().message,
                AllOf(HasSubstr("submodule \"libs/utils\""), HasSubstr("nowhere.git"),
                      HasSubstr("no git repository")));
    git({"config", "-f", ".gitmodules", "submodule.libs/utils.url", "ext::sh -c x"}, tree("shop"));
    commit("shop", {});
    EXPECT_THAT(fetch(spec()).error().message, HasSubstr("no address"));
    git({"config", "-f", ".gitmodules", "submodule.libs/utils.update", "none"}, tree("shop"));
    commit("shop", {});
    EXPECT_TRUE(fetch(spec()));
}

TEST_F(SubmoduleTest, OneWithoutAnEntryIsLeftOut) {
    make("utils");
    commit("utils", {{"a.sql", "a"}});
    add("shop", "../utils.git", "libs/utils", "utils");
    fs::remove(tree("shop") / ".gitmodules");
    commit("shop", {});
    EXPECT_TRUE(fetch(spec()));
}

}  // namespace
}  // namespace mw::runner
