#include "engines/installer.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <future>
#include <latch>

#include "base/unique_fd.hpp"
#include "engines/catalogue_file.hpp"
#include "engines/engine_test_support.hpp"
#include "engines/run_program.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kEntry;
using testing::kLock;
using ::testing::Not;
using testing::TemporaryFolder;
using testing::text_of;

// Does what uv would do to the file system, and notes how it was called. The interpreter that
// it makes answers with the versions in the file `versions`.
constexpr std::string_view kUv = R"(#!/bin/sh
set -e
here=$(dirname "$0")
echo "$@" >> "$here/calls"
echo "python downloads: $UV_PYTHON_DOWNLOADS, path: ${PYTHONPATH:-none}" >> "$here/calls"
case $1 in
venv)
    for word; do case $word in *.staging-*) folder=$word ;; esac; done
    mkdir -p "$folder/bin" "$folder/lib/deep"
    printf '#!/bin/sh\ncat "%s/versions"\n' "$here" > "$folder/bin/python"
    chmod 700 "$folder/bin/python"
    echo private > "$folder/lib/deep/module.py"
    chmod 600 "$folder/lib/deep/module.py"
    ln -s deep "$folder/lib/link"
    ;;
pip)
    echo "Installed 2 packages"
    [ ! -e "$here/fail" ] || { echo "error: no such package"; exit 2; }
    ;;
esac
)";

class InstallerTest : public ::testing::Test {
  protected:
    InstallerTest() {
        folder_.write("catalogue/a.yaml", kEntry);
        folder_.write("catalogue/locks/a.txt", kLock);
        folder_.write("versions", "dbt=1.11.16 duckdb=1.11.1 postgres=1.11.0\n");
        options_.uv_program = folder_.write("uv", kUv, true);
        options_.engines_dir = folder_.path() / "engines";
        options_.python_program = "/usr/bin/python3";
        entry_ = *read_entry(folder_.path() / "catalogue/a.yaml");
    }

    result<InstalledEngine> install_entry() {
        return install(entry_, options_, [this](auto line) { progress_.emplace_back(line); });
    }

    std::string error() {
        auto engine = install_entry();
        EXPECT_FALSE(engine);
        return engine ? "" : engine.error().message;
    }

    std::vector<std::string> engine_folders() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(options_.engines_dir))
            if (entry.path().filename() != ".install.lock")
                names.push_back(entry.path().filename().string());
        return names;
    }

    std::string calls() const { return text_of(folder_.path() / "calls"); }

    TemporaryFolder folder_;
    InstallOptions options_;
    Entry entry_;
    std::vector<std::string> progress_;
};

TEST_F(InstallerTest, InstallsIntoAFolderNamedAfterTheLock) {
    EXPECT_FALSE(find_installed(options_.engines_dir, entry_));
    auto engine = install_entry();
    ASSERT_TRUE(engine) << engine.error().message;
    EXPECT_EQ(engine->folder,
              options_.engines_dir / ("1.11.0-latest-" + entry_.lock_digest.substr(0, 12)));
    EXPECT_EQ(engine->dbt_version, "1.11.16");
    EXPECT_EQ(engine->adapters.at("duckdb"), "1.11.1");
    EXPECT_TRUE(fs::exists(engine->python()));
    EXPECT_EQ(engine_folders().size(), 1U);
    EXPECT_THAT(progress_, Contains("Installed 2 packages"));
    EXPECT_THAT(progress_, Contains("Installing dbt Core 1.11 (dbt 1.11.16)"));

    auto found = find_installed(options_.engines_dir, entry_);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->folder, engine->folder);
    ASSERT_EQ(list_installed(options_.engines_dir).size(), 1U);
    EXPECT_EQ(list_installed(options_.engines_dir)[0].name, "1.11.0-latest");
}

TEST_F(InstallerTest, CallsUvSafely) {
    ::setenv("PYTHONPATH", "/elsewhere", 1);
    ::setenv("UV_PYTHON_DOWNLOADS", "automatic", 1);
    auto engine = install_entry();
    ::unsetenv("PYTHONPATH");
    ::unsetenv("UV_PYTHON_DOWNLOADS");
    ASSERT_TRUE(engine);
    EXPECT_THAT(calls(), HasSubstr("venv --quiet --relocatable"));
    EXPECT_THAT(calls(), HasSubstr("--python /usr/bin/python3"));
    for (std::string_view part : {"--require-hashes", "--only-binary :all:", "--link-mode copy",
                                  "--compile-bytecode", "--no-cache", "locks/a.txt"})
        EXPECT_THAT(calls(), HasSubstr(std::string(part)));
    EXPECT_THAT(calls(), HasSubstr("python downloads: never, path: none"));
    EXPECT_THAT(calls(), Not(HasSubstr("--no-index")));
}

TEST_F(InstallerTest, UsesAWheelhouseAlone) {
    options_.wheelhouse = folder_.path() / "wheels";
    EXPECT_THAT(error(), HasSubstr("no folder of wheels"));
    fs::create_directory(*options_.wheelhouse);
    options_.cache_dir = folder_.path() / "cache";
    ASSERT_TRUE(install_entry());
    EXPECT_THAT(calls(), HasSubstr("--no-index --find-links " + options_.wheelhouse->string()));
    EXPECT_THAT(calls(), HasSubstr("--cache-dir " + options_.cache_dir->string()));
}

TEST_F(InstallerTest, NobodyMayChangeItAndAllMayReadIt) {
    auto engine = install_entry();
    ASSERT_TRUE(engine);
    int seen = 0;
    for (const auto& file : fs::recursive_directory_iterator(engine->folder)) {
        struct stat facts{};
        ASSERT_EQ(::lstat(file.path().c_str(), &facts), 0);
        if (S_ISLNK(facts.st_mode)) continue;
        bool runs = S_ISDIR(facts.st_mode) || file.path().filename() == "python";
        EXPECT_EQ(facts.st_mode & 07777, runs ? 0555U : 0444U) << file.path();
        ++seen;
    }
    EXPECT_GE(seen, 5);
}

TEST_F(InstallerTest, InstallsOnce) {
    ASSERT_TRUE(install_entry());
    fs::remove(folder_.path() / "uv");
    ASSERT_TRUE(install_entry());
}

TEST_F(InstallerTest, AnotherLockIsAnotherEngine) {
    auto first = install_entry();
    folder_.write("catalogue/locks/a.txt", std::string(kLock) + "# changed\n");
    entry_ = *read_entry(folder_.path() / "catalogue/a.yaml");
    EXPECT_FALSE(find_installed(options_.engines_dir, entry_));
    auto second = install_entry();
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->folder, second->folder);
    EXPECT_EQ(list_installed(options_.engines_dir).size(), 2U);
}

TEST_F(InstallerTest, AFailureLeavesNothing) {
    folder_.write("fail", "");
    auto text = error();
    EXPECT_THAT(text, HasSubstr("dbt Core 1.11 could not be installed (uv: exit code 2)"));
    EXPECT_THAT(text, HasSubstr("error: no such package"));
    EXPECT_THAT(engine_folders(), IsEmpty());
    fs::remove(folder_.path() / "fail");
    EXPECT_TRUE(install_entry());
}

TEST_F(InstallerTest, AnEngineOfAnotherVersionIsNotPublished) {
    folder_.write("versions", "dbt=1.11.15 duckdb=1.11.1 postgres=1.11.0\n");
    EXPECT_THAT(error(), HasSubstr("says it is dbt=1.11.15"));
    EXPECT_THAT(engine_folders(), IsEmpty());
}

TEST_F(InstallerTest, WhatAnInterruptedInstallationLeftIsRemoved) {
    auto left = options_.engines_dir / ".staging-1.11.0-latest/lib";
    fs::create_directories(left);
    folder_.write("engines/.staging-1.11.0-latest/lib/module.py", "half");
    fs::permissions(left, fs::perms::owner_read | fs::perms::owner_exec);
    // A folder under the final name without its record is no engine.
    auto wreck = options_.engines_dir / ("1.11.0-latest-" + entry_.lock_digest.substr(0, 12));
    fs::create_directories(wreck / "bin");
    EXPECT_FALSE(find_installed(options_.engines_dir, entry_));
    EXPECT_THAT(list_installed(options_.engines_dir), IsEmpty());
    ASSERT_TRUE(install_entry());
    EXPECT_EQ(engine_folders().size(), 1U);
}

TEST_F(InstallerTest, ARecordThatIsNoneIsNoEngine) {
    auto engine = install_entry();
    ASSERT_TRUE(engine);
    auto record = engine->folder / "engine.json";
    for (std::string_view text : {"", "[]", "{}", R"({"name": "x"})",
                                  R"({"name": "x", "dbt_version": "1", "lock_digest": 5})"}) {
        fs::permissions(record, fs::perms::owner_all);
        std::ofstream(record) << text;
        EXPECT_FALSE(find_installed(options_.engines_dir, entry_)) << text;
        EXPECT_THAT(list_installed(options_.engines_dir), IsEmpty()) << text;
    }
    EXPECT_TRUE(install_entry());
}

TEST_F(InstallerTest, TwoAtOnceInstallOnce) {
    fs::create_directories(options_.engines_dir);
    auto lock_file = options_.engines_dir / ".install.lock";
    UniqueFd other(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
    std::latch waiting(2);
    auto run = [&] {
        return install(entry_, options_, [&](std::string_view line) {
            if (line.starts_with("Waiting")) waiting.count_down();
        });
    };
    auto first = std::async(std::launch::async, run);
    auto second = std::async(std::launch::async, run);
    waiting.wait();
    other.reset();
    ASSERT_TRUE(first.get());
    ASSERT_TRUE(second.get());
    auto text = calls();
    EXPECT_EQ(text.find("venv --quiet"), text.rfind("venv --quiet"));
}

TEST_F(InstallerTest, SaysWhatIsMissing) {
    options_.uv_program = folder_.path() / "no-uv";
    EXPECT_THAT(error(), HasSubstr("There is no program"));
    options_.uv_program = "no-such-uv-anywhere";
    EXPECT_THAT(error(), HasSubstr("`no-such-uv-anywhere`"));
    options_.uv_program = folder_.path() / "uv";
    options_.python_program = "/nowhere/python3";
    EXPECT_THAT(error(), HasSubstr("`/nowhere/python3`"));
    EXPECT_THAT(engine_folders(), IsEmpty());
}

TEST_F(InstallerTest, RefusesAnInterpreterThatDoesNotFit) {
    entry_.python = {.least_minor = 98, .below_minor = 99};
    EXPECT_THAT(error(), HasSubstr("dbt Core 1.11 needs Python 3.98, and /usr/bin/python3 is 3."));
    options_.python_program = "/bin/false";
    EXPECT_THAT(error(), HasSubstr("exit code 1"));
    options_.python_program = "/bin/true";
    EXPECT_THAT(error(), HasSubstr("/bin/true is ."));
}

TEST_F(InstallerTest, RefusesWhatIsNotInstallable) {
    entry_.installable = false;
    entry_.reason = "it downloads a file.";
    EXPECT_THAT(error(), HasSubstr("it downloads a file."));
    EXPECT_FALSE(find_installed(options_.engines_dir, entry_));
}

TEST_F(InstallerTest, SaysThatItCannotWrite) {
    folder_.write("engines", "a file");
    EXPECT_THAT(error(), HasSubstr("The engines folder cannot be made"));
}

TEST(RunProgram, TellsHowItEnded) {
    std::vector<std::string> lines;
    auto run = [&](const std::string& script) {
        return *run_program(
            {.program = "sh", .args = {"-c", script}, .environment = {"A=1"}, .cwd = "/"},
            [&](auto line) { lines.emplace_back(line); });
    };
    auto good = run("echo $A; pwd >&2; cat");
    EXPECT_TRUE(good.succeeded);
    EXPECT_EQ(good.last_lines, "1\n/");
    EXPECT_EQ(lines, (std::vector<std::string>{"1", "/"}));
    EXPECT_EQ(run("exit 3").how, "exit code 3");
    EXPECT_EQ(run("kill -9 $$").how, "signal 9");
    auto many = run("i=0; while [ $i -lt 100 ]; do echo line $i; i=$((i+1)); done; printf end");
    EXPECT_THAT(many.last_lines, Not(HasSubstr("line 80\n")));
    EXPECT_TRUE(many.last_lines.ends_with("line 99\nend"));
}

}  // namespace
}  // namespace mw::engines
