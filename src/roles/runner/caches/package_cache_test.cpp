#include "roles/runner/caches/package_cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::MatchesRegex;

constexpr auto kExact = "packages:\n  - {package: a/utils, version: 1.2.3}\n";
constexpr auto kRange = "packages:\n  - {package: a/utils, version: '>=1.0.0'}\n";
constexpr auto kLock =
    "packages:\n  - {name: utils, package: a/utils, version: 1.2.3}\nsha1_hash: 1\n";
constexpr auto kFromCache = "1 package from the cache \\(lock digest [0-9a-f]{12}\\)";

class PackageCacheTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::canonical(fs::temp_directory_path()) /
                  ("package-cache-" + std::to_string(::getpid()));
        layout_.package_cache_dir = folder_ / "cache";
        spec_.project_id = 7;
        begin();
    }
    void TearDown() override { fs::remove_all(folder_); }

    // A checkout of its own for the next run.
    void begin(std::string packages = kExact, std::string lock = kLock) {
        project_ = folder_ / ("run-" + std::to_string(++runs_));
        fs::create_directories(project_);
        if (!packages.empty()) write("packages.yml", packages);
        if (!lock.empty()) write("package-lock.yml", lock);
    }
    void write(const fs::path& name, std::string_view text) {
        fs::create_directories((project_ / name).parent_path());
        std::ofstream(project_ / name) << text;
    }
    std::string read(const fs::path& name) {
        std::ifstream in(project_ / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    PackageCache cache() { return {layout_, spec_, engine_, project_, project_file_}; }
    std::string install() { return cache().install(); }
    // What a run does; `dbt deps` leaves this lock and that macro.
    std::string run(std::string lock = kLock, std::string macro = "utils") {
        auto cache = this->cache();
        auto said = cache.install();
        if (!said.empty()) return said;
        write("package-lock.yml", lock);
        write("dbt_packages/utils/macros/a.sql", macro);
        cache.keep();
        return "dbt deps";
    }
    std::size_t entries() {
        std::error_code error;
        fs::directory_iterator all(layout_.package_cache_dir, error);
        return static_cast<std::size_t>(std::distance(all, fs::directory_iterator()));
    }

    fs::path folder_;
    fs::path project_;
    int runs_ = 0;
    Layout layout_;
    RunSpec spec_;
    ProjectFile project_file_{.profile = "p", .target_path = "target"};
    fs::path engine_ = "/engines/1.11.0-latest-abc";
};

TEST_F(PackageCacheTest, TheNextRunGetsWhatTheLastInstalled) {
    EXPECT_EQ(run(), "dbt deps");
    begin();
    EXPECT_THAT(run(), MatchesRegex(kFromCache));
    EXPECT_EQ(read("dbt_packages/utils/macros/a.sql"), "utils");
    EXPECT_EQ(fs::status(layout_.package_cache_dir).permissions(), fs::perms::owner_all);
    // What a run does to its copy is its own affair.
    write("dbt_packages/utils/macros/a.sql", "changed");
    begin();
    EXPECT_THAT(run(), MatchesRegex(kFromCache));
    EXPECT_EQ(read("dbt_packages/utils/macros/a.sql"), "utils");
}

TEST_F(PackageCacheTest, IsNotSharedByWhatMayDiffer) {
    run();
    auto missed = [&](auto change) {
        begin();
        auto spec = spec_;
        auto engine = engine_;
        auto file = project_file_;
        change();
        auto said = install();
        spec_ = spec;
        engine_ = engine;
        project_file_ = file;
        return said.empty();
    };
    EXPECT_TRUE(missed([&] { spec_.project_id = 8; }));
    EXPECT_TRUE(missed([&] { spec_.repository.project_subdirectory = "other"; }));
    EXPECT_TRUE(missed([&] { engine_ = "/engines/1.10.0-latest-abc"; }));
    EXPECT_TRUE(missed([&] { project_file_.packages_path = "packages"; }));
    EXPECT_TRUE(missed([&] { write("package-lock.yml", std::string(kLock) + "# x"); }));
    EXPECT_TRUE(missed([&] { write("packages.yml", kRange); }));
    EXPECT_TRUE(missed([&] { write("dependencies.yml", "projects: []"); }));
    EXPECT_FALSE(missed([] {}));
}

TEST_F(PackageCacheTest, AProjectWithoutALockMustNameAllThatIsInstalled) {
    begin(kExact, "");
    run();
    begin(kExact, "");
    EXPECT_THAT(run(), MatchesRegex(kFromCache));
    EXPECT_EQ(read("package-lock.yml"), kLock);

    // A range may mean another version tomorrow, and so may what a package itself needs.
    begin(kRange, "");
    run();
    begin(kRange, "");
    EXPECT_EQ(run(), "dbt deps");
    constexpr auto kOther = "packages:\n  - {package: a/other, version: 1.0.0}\n";
    constexpr auto kTwo =
        "packages:\n  - {package: a/other, version: 1.0.0}\n"
        "  - {package: a/utils, version: 1.2.3}\n";
    begin(kOther, "");
    run(kTwo);
    begin(kOther, "");
    EXPECT_EQ(run(kTwo), "dbt deps");
    // A retry brings the lock of the run that failed: these are its packages.
    begin(kOther, "");
    EXPECT_FALSE(cache().has_lock());
    cache().put_lock(kTwo);
    EXPECT_THAT(run(), HasSubstr("2 packages from the cache"));
}

TEST_F(PackageCacheTest, ALockThatDbtHadToChangeIsNotKept) {
    run("packages:\n  - {package: a/utils, version: 1.2.4}\n");
    EXPECT_EQ(entries(), 0u);
}

TEST_F(PackageCacheTest, SomePackagesAreNeverKept) {
    for (auto lock : {"packages:\n  - {local: ../utils}\n",
                      "packages:\n  - {git: 'https://h/utils.git', revision: main}\n"}) {
        begin(lock, lock);
        run(lock);
        EXPECT_EQ(entries(), 0u) << lock;
    }
    // Installed as a link, whatever the lock says.
    begin();
    auto cache = this->cache();
    EXPECT_EQ(cache.install(), "");
    fs::create_directories(project_ / "dbt_packages");
    fs::create_directory_symlink("/etc", project_ / "dbt_packages" / "utils");
    cache.keep();
    EXPECT_EQ(entries(), 0u);
    begin();
    project_file_.packages_path = "../elsewhere";
    EXPECT_EQ(run(), "dbt deps");
    project_file_.packages_path = "";
    EXPECT_EQ(run(), "dbt deps");
    EXPECT_EQ(entries(), 0u);
}

TEST_F(PackageCacheTest, APullRequestOnlyTakes) {
    spec_.context["DBT_CLOUD_PR_ID"] = "12";
    EXPECT_EQ(run(), "dbt deps");
    EXPECT_EQ(entries(), 0u);
    spec_.context.clear();
    begin();
    run();
    spec_.context["DBT_CLOUD_PR_ID"] = "12";
    begin();
    EXPECT_THAT(run(), MatchesRegex(kFromCache));
}

TEST_F(PackageCacheTest, OneThatIsNotWholeIsThrownAway) {
    run();
    fs::path entry = fs::directory_iterator(layout_.package_cache_dir)->path();
    fs::remove(entry / "packages" / "utils" / "macros" / "a.sql");
    begin();
    EXPECT_EQ(install(), "");
    EXPECT_FALSE(fs::exists(project_ / "dbt_packages"));
    EXPECT_FALSE(fs::exists(entry));
    EXPECT_EQ(run(), "dbt deps");
    begin();
    EXPECT_THAT(run(), MatchesRegex(kFromCache));
}

TEST_F(PackageCacheTest, WhatTheProjectHasInThePlaceStays) {
    run();
    fs::create_directories(folder_ / "elsewhere");
    begin();
    fs::create_directory_symlink(folder_ / "elsewhere", project_ / "dbt_packages");
    EXPECT_EQ(install(), "");
    EXPECT_TRUE(fs::is_empty(folder_ / "elsewhere"));
    begin(kExact, "");
    fs::create_symlink(folder_ / "elsewhere" / "lock", project_ / "package-lock.yml");
    EXPECT_EQ(install(), "");
    EXPECT_TRUE(fs::is_empty(folder_ / "elsewhere"));
}

TEST_F(PackageCacheTest, AProjectKeepsAFew) {
    for (int i = 0; i < 13; ++i) {
        begin(kExact, std::string(kLock) + "# " + std::to_string(i));
        run(std::string(kLock) + "# " + std::to_string(i));
    }
    EXPECT_EQ(entries(), 10u);
    begin(kExact, std::string(kLock) + "# 12");
    EXPECT_THAT(install(), MatchesRegex(kFromCache));
}

TEST_F(PackageCacheTest, AProjectWithoutPackagesNeedsNoDbt) {
    constexpr auto kNone = "Warning: No packages were found in packages.yml";
    for (auto packages : {"", "packages: []\n", "# none\n"}) {
        begin(packages, "");
        EXPECT_EQ(install(), kNone);
    }
    // dbt would remove what is there, and say what it cannot read.
    begin("", "");
    write("dbt_packages/x", "");
    EXPECT_EQ(install(), "");
    begin("packages: [", "");
    EXPECT_EQ(install(), "");
    begin("", kLock);
    EXPECT_EQ(install(), "");
}

TEST_F(PackageCacheTest, DoesWithoutAFolderThatCannotBeWritten) {
    std::ofstream(layout_.package_cache_dir) << "a file where the folder should be";
    EXPECT_EQ(run(), "dbt deps");
    begin();
    EXPECT_EQ(run(), "dbt deps");
}

}  // namespace
}  // namespace mw::runner
