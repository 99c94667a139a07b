#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "infra/git/git_process.hpp"
#include "infra/git/mirror_care.hpp"
#include "infra/git/mirror_folder.hpp"
#include "infra/process/run_command.hpp"
#include "test_support/run_on.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::git {
namespace {

namespace fs = std::filesystem;
using Use = MirrorLock::Use;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class MirrorTest : public testing::Test {
  protected:
    std::string git(std::vector<std::string> args) {
        auto options = git_options(std::move(args));
        options.environment.merge(process::Environment{{"GIT_AUTHOR_NAME", "ann"},
                                                       {"GIT_AUTHOR_EMAIL", "ann@h"},
                                                       {"GIT_COMMITTER_NAME", "ann"},
                                                       {"GIT_COMMITTER_EMAIL", "ann@h"}});
        auto done = test::run_on(ioc_, process::run_command(std::move(options)));
        EXPECT_TRUE(done && done->status.success()) << (done ? done->err : "");
        return done->out.substr(0, done->out.find('\n'));
    }
    MirrorFolder make(const std::string& name) {
        fs::create_directories(cache_);
        MirrorFolder mirror(cache_, name);
        EXPECT_TRUE(take(mirror, Use::exclusive));
        EXPECT_TRUE(mirror.prepare());
        return mirror;
    }
    std::optional<MirrorLock> take(const MirrorFolder& mirror, Use use) {
        return MirrorLock::try_take(mirror.lock_file(), use).value();
    }
    // A commit in a pack of its own, as a fetch leaves it.
    void fetch(MirrorFolder& mirror, const std::string& key, const std::string& text) {
        auto git_dir = "--git-dir=" + mirror.path().string();
        std::ofstream(folder_.path() / "file") << text;
        auto blob = git({git_dir, "hash-object", "-w", (folder_.path() / "file").string()});
        std::ofstream(folder_.path() / "index") << "";
        fs::remove(folder_.path() / "index");
        auto options = git_options(
            {git_dir, "update-index", "--add", "--cacheinfo", "100644," + blob + ",file"});
        options.environment["GIT_INDEX_FILE"] = (folder_.path() / "index").string();
        ASSERT_TRUE(test::run_on(ioc_, process::run_command(options)));
        options.args = git_options({git_dir, "write-tree"}).args;
        auto written = test::run_on(ioc_, process::run_command(options));
        auto tree = written->out.substr(0, written->out.find('\n'));
        git({git_dir, "update-ref", MirrorFolder::ref_of(key),
             git({git_dir, "commit-tree", "-m", "x", tree})});
        git({git_dir, "repack", "-q", "-d"});
        ASSERT_TRUE(mirror.note_tip(key, key));
    }
    std::size_t packs(const MirrorFolder& mirror) {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(mirror.packs()))
            count += entry.path().extension() == ".pack" ? 1 : 0;
        return count;
    }
    CareDone tend(std::function<bool(Id)> is_wanted, std::size_t packs_most = 16) {
        boost::asio::steady_timer stop(ioc_, boost::asio::steady_timer::time_point::max());
        return test::run_on(ioc_, [&] {
            return tend_mirrors(cache_, {.is_wanted = is_wanted, .packs_most = packs_most}, stop);
        });
    }
    void age(const fs::path& path, std::chrono::hours by) {
        fs::last_write_time(path, fs::file_time_type::clock::now() - by);
    }

    test::TempDir folder_;
    boost::asio::io_context ioc_;
    fs::path cache_ = folder_.path() / "cache";
};

TEST_F(MirrorTest, IsUsedByManyOrChangedByOne) {
    auto mirror = make("1-a");
    {
        auto one = take(mirror, Use::shared);
        EXPECT_TRUE(one && take(mirror, Use::shared));
        EXPECT_FALSE(take(mirror, Use::exclusive));
    }
    auto changes = take(mirror, Use::exclusive);
    ASSERT_TRUE(changes);
    EXPECT_FALSE(take(mirror, Use::shared));
    EXPECT_TRUE(changes->share());
    EXPECT_TRUE(take(mirror, Use::shared));
}

TEST_F(MirrorTest, ALockOfAMirrorThatIsGoneHoldsNothing) {
    auto mirror = make("1-a");
    auto old = take(mirror, Use::exclusive);
    fs::remove(mirror.lock_file());
    EXPECT_TRUE(take(mirror, Use::exclusive));
}

TEST_F(MirrorTest, KnowsHowOldItsTipsAre) {
    auto mirror = make("1-a");
    EXPECT_FALSE(mirror.age_of("main"));
    fetch(mirror, "main", "1");
    EXPECT_LT(*mirror.age_of("main"), std::chrono::hours(1));
    EXPECT_EQ(mirror.text_of("main"), "main");
    fetch(mirror, "old", "2");
    age(mirror.path() / "tips" / "old", std::chrono::days(40));
    mirror.forget_tips_older_than(std::chrono::days(30));
    EXPECT_FALSE(mirror.age_of("old"));
    EXPECT_FALSE(fs::exists(mirror.path() / MirrorFolder::ref_of("old")));
    EXPECT_TRUE(fs::exists(mirror.path() / MirrorFolder::ref_of("main")));
}

TEST_F(MirrorTest, WhatNobodyUsesOrWantsGoes) {
    auto kept = make("1-a");
    auto unused = make("1-b");
    auto unwanted = make("2-c");
    auto busy = make("2-d");
    age(unused.path(), std::chrono::days(31));
    EXPECT_THAT(mirrored_repositories(cache_), UnorderedElementsAre(1, 1, 2, 2));
    {
        auto lock = take(busy, Use::shared);
        EXPECT_EQ(tend([](Id id) { return id == 1; }).removed, 2);
        EXPECT_TRUE(busy.exists());
    }
    EXPECT_TRUE(kept.exists());
    EXPECT_FALSE(fs::exists(unused.path()));
    EXPECT_FALSE(fs::exists(unwanted.lock_file()));
    EXPECT_EQ(tend([](Id id) { return id == 1; }).removed, 1);
    EXPECT_THAT(mirrored_repositories(cache_), ElementsAre(1));
    // What is none of ours stays.
    std::ofstream(cache_ / "notes.txt") << "x";
    tend([](Id) { return false; });
    EXPECT_TRUE(fs::exists(cache_ / "notes.txt"));
}

TEST_F(MirrorTest, ManyPacksBecomeFewWithoutWhatNoTipHolds) {
    auto mirror = make("1-a");
    for (int i = 0; i < 6; ++i)
        fetch(mirror, "main", "version " + std::to_string(i));
    EXPECT_EQ(packs(mirror), 6U);
    auto all = [](Id) { return true; };
    EXPECT_EQ(tend(all).packed, 0);
    auto done = tend(all, 4);
    EXPECT_EQ(done.packed, 1);
    EXPECT_EQ(packs(mirror), 1U);
    auto git_dir = "--git-dir=" + mirror.path().string();
    EXPECT_EQ(git({git_dir, "rev-list", "--objects", "--all", "--count"}), "3");
    EXPECT_EQ(git({git_dir, "count-objects"}), "0 objects, 0 kilobytes");
    EXPECT_EQ(git({git_dir, "fsck", "--unreachable"}), "");
    // Refs stay files, which are removed one by one.
    EXPECT_TRUE(fs::exists(mirror.path() / MirrorFolder::ref_of("main")));
}

}  // namespace
}  // namespace mw::git
