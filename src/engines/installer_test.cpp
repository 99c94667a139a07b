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
#include "engines/installer_test_support.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kLock;
using ::testing::Not;
using testing::TemporaryFolder;
using testing::text_of;

using InstallerTest = testing::InstallationFixture;

TEST_F(InstallerTest, InstallsIntoAFolderNamedAfterTheLock) {
    EXPECT_FALSE(find_installed(options_.engines_dir, entry_, entry_.base()));
    auto engine = install_entry();
    ASSERT_TRUE(engine) << engine.error().message;
    EXPECT_EQ(engine->folder,
              options_.engines_dir / ("1.11.0-latest-base-" + entry_.base().digest.substr(0, 12)));
    EXPECT_EQ(engine->dbt_version, "1.11.16");
    EXPECT_EQ(engine->adapters.at("duckdb"), "1.11.1");
    EXPECT_TRUE(fs::exists(engine->python()));
    EXPECT_EQ(engine_folders().size(), 1U);
    EXPECT_THAT(progress_, Contains("Installed 2 packages"));
    EXPECT_THAT(progress_, Contains("Installing dbt Core 1.11 (dbt 1.11.16)"));

    auto found = find_installed(options_.engines_dir, entry_, entry_.base());
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
                                  "--compile-bytecode", "--no-cache", "1.11.0-latest/base.txt"})
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
        bool runs = S_ISDIR(facts.st_mode) || file.path().parent_path().filename() == "bin";
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
    folder_.write("catalogue/locks/1.11.0-latest/base.txt", std::string(kLock) + "# changed\n");
    entry_ = *read_entry(folder_.path() / "catalogue/a.yaml");
    EXPECT_FALSE(find_installed(options_.engines_dir, entry_, entry_.base()));
    auto second = install_entry();
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->folder, second->folder);
    EXPECT_EQ(list_installed(options_.engines_dir).size(), 2U);
}

TEST_F(InstallerTest, AFailureLeavesNothing) {
    write("fail", "");
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
    auto left = options_.engines_dir / ".staging-1.11.0-latest-base/lib";
    fs::create_directories(left);
    folder_.write("engines/.staging-1.11.0-latest-base/lib/module.py", "half");
    fs::permissions(left, fs::perms::owner_read | fs::perms::owner_exec);
    // A folder under the final name without its record is no engine.
    auto wreck =
        options_.engines_dir / ("1.11.0-latest-base-" + entry_.base().digest.substr(0, 12));
    fs::create_directories(wreck / "bin");
    EXPECT_FALSE(find_installed(options_.engines_dir, entry_, entry_.base()));
    EXPECT_THAT(list_installed(options_.engines_dir), IsEmpty());
    ASSERT_TRUE(install_entry());
    EXPECT_EQ(engine_folders().size(), 1U);
}

TEST_F(InstallerTest, ARecordThatIsNoneIsNoEngine) {
    auto engine = install_entry();
    ASSERT_TRUE(engine);
    auto record = engine->folder / "engine.json";
    for (std::string_view text : {"", "[]", "{}", R"({"name": "x"})",
                                  R"({"name": "x", "dbt_version": "1", "digest": 5})"}) {
        fs::permissions(record, fs::perms::owner_all);
        std::ofstream(record) << text;
        EXPECT_FALSE(find_installed(options_.engines_dir, entry_, entry_.base())) << text;
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
        return install(entry_, entry_.base(), options_, [&](std::string_view line) {
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
    entry_.sets[0].python = {.least_minor = 98, .below_minor = 99};
    EXPECT_THAT(error(), HasSubstr("dbt Core 1.11 needs Python 3.98, and /usr/bin/python3 is 3."));
    options_.python_program = "/bin/false";
    EXPECT_THAT(error(), HasSubstr("exit code 1"));
    options_.python_program = "/bin/true";
    EXPECT_THAT(error(), HasSubstr("/bin/true is ."));
}

TEST_F(InstallerTest, AnAdapterSetIsAFolderOfItsOwn) {
    write("versions", "Importing takes a while\ndbt=1.11.8 snowflake=1.11.6\n");
    const auto& set = *entry_.find_set("snowflake");
    auto none = find_for_adapter(options_.engines_dir, entry_, "snowflake");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().message,
              "dbt Core 1.11 with snowflake is not installed on this machine. This installs it: "
              "millwright engine install 1.11.0-latest --adapter snowflake");
    auto engine = install(entry_, set, options_, [](auto) {});
    ASSERT_TRUE(engine) << engine.error().message;
    EXPECT_EQ(engine->set, "snowflake");
    EXPECT_EQ(engine->dbt_version, "1.11.8");
    EXPECT_EQ(engine->folder.filename(), "1.11.0-latest-snowflake-" + set.digest.substr(0, 12));
    EXPECT_EQ(find_for_adapter(options_.engines_dir, entry_, "snowflake")->folder, engine->folder);
    // The base set is not there for that.
    EXPECT_FALSE(find_installed(options_.engines_dir, entry_, entry_.base()));
    EXPECT_FALSE(find_for_adapter(options_.engines_dir, entry_, "duckdb"));
    EXPECT_THAT(find_for_adapter(options_.engines_dir, entry_, "oracle").error().message,
                HasSubstr("no adapter `oracle`"));
}

TEST_F(InstallerTest, BuildsThoseSourcePackagesAloneThatTheCatalogueNames) {
    write("versions", "dbt=1.11.8 snowflake=1.11.6\n");
    ASSERT_TRUE(install(entry_, *entry_.find_set("snowflake"), options_, [](auto) {}));
    EXPECT_THAT(calls(), HasSubstr("--only-binary dbt-core --only-binary dbt-snowflake "
                                   "--no-binary thrift --build-constraint"));
    EXPECT_THAT(calls(), HasSubstr("locks/tools.txt"));
    EXPECT_THAT(calls(), Not(HasSubstr(":all:")));
}

TEST_F(InstallerTest, SaysWhichLibraryOfTheSystemIsMissing) {
    entry_.sets[0].libraries = {{"libnowhere.so.2", "libnowhere2"}};
    EXPECT_EQ(error(),
              "dbt Core 1.11 needs libnowhere.so.2 on this machine, which is not there (Debian's "
              "package libnowhere2).");
    EXPECT_THAT(engine_folders(), IsEmpty());
    entry_.sets[0].libraries = {{"libc.so.6", "libc6"}};
    EXPECT_TRUE(install_entry());
}

TEST_F(InstallerTest, SaysHowToFillAWheelhouse) {
    options_.wheelhouse = folder_.path() / "wheels";
    fs::create_directory(*options_.wheelhouse);
    write("fail", "");
    EXPECT_THAT(error(), HasSubstr("millwright engine download 1.11.0-latest --to DIR"));
}

TEST_F(InstallerTest, ALicenceThatIsNotFreeMustBeAcceptedByName) {
    entry_.accept = "dbt-fusion";
    entry_.licence = "a licence of its own";
    for (std::string_view accepted : {"", "yes", "Apache-2.0"}) {
        options_.accepted_licence = accepted;
        auto engine = install_entry();
        ASSERT_FALSE(engine) << accepted;
        EXPECT_EQ(engine.error().code, Errc::forbidden);
        EXPECT_THAT(engine.error().message, HasSubstr("a licence of its own"));
        EXPECT_THAT(engine.error().message, HasSubstr("--accept-licence dbt-fusion"));
        EXPECT_FALSE(fs::exists(options_.engines_dir));
    }
    options_.accepted_licence = "dbt-fusion";
    auto engine = install_entry();
    ASSERT_TRUE(engine);
    EXPECT_EQ(engine->accepted_licence, "dbt-fusion");
    EXPECT_THAT(install_command(entry_, entry_.base()), HasSubstr("--accept-licence dbt-fusion"));
}

class NativeInstallerTest : public testing::InstallationFixture {
  protected:
    NativeInstallerTest() {
        entry_.family = Family::core2;
        write("dbt-version", "dbt-core 1.11.16\n");
        entry_.sets[0].drivers = {make_driver()};
    }
};

TEST_F(NativeInstallerTest, InstallsTheDriverWithAManifestThatNamesItsFinalPlace) {
    auto engine = install_entry();
    ASSERT_TRUE(engine) << engine.error().message;
    EXPECT_EQ(engine->family, Family::core2);
    auto drivers = engine->folder / "drivers";
    EXPECT_EQ(engine->environment().at("ADBC_DRIVER_PATH"), drivers.string());
    EXPECT_EQ(text_of(drivers / "libduckdb.so"), "a library");
    auto manifest = text_of(drivers / "duckdb.toml");
    EXPECT_THAT(manifest, HasSubstr("entrypoint = \"duckdb_adbc_init\""));
    EXPECT_THAT(manifest, HasSubstr("\"" + (drivers / "libduckdb.so").string() + "\""));
    EXPECT_THAT(calls(), HasSubstr("npm pack @duckdb/node-bindings@1.5.6"));
    EXPECT_FALSE(fs::exists(engine->folder / ".packages"));
}

TEST_F(NativeInstallerTest, ADriverOfAnotherDigestIsNotUnpacked) {
    entry_.sets[0].drivers[0].sha256 = std::string(64, '0');
    EXPECT_THAT(error(), HasSubstr("duckdb.tgz is not the file that the catalogue names"));
    EXPECT_THAT(engine_folders(), IsEmpty());
    options_.wheelhouse = folder_.path();
    EXPECT_THAT(error(), HasSubstr("duckdb.tgz is not the file that the catalogue names"));
    EXPECT_THAT(engine_folders(), IsEmpty());
}

TEST_F(NativeInstallerTest, TakesTheDriverFromTheWheelhouse) {
    options_.npm_program = "/nowhere/npm";
    EXPECT_THAT(error(), HasSubstr("`/nowhere/npm`"));
    options_.wheelhouse = folder_.path() / "wheels";
    fs::create_directory(*options_.wheelhouse);
    EXPECT_THAT(error(), HasSubstr("there is no duckdb.tgz in the wheelhouse"));
    fs::copy(folder_.path() / "duckdb.tgz", *options_.wheelhouse / "duckdb.tgz");
    ASSERT_TRUE(install_entry());
}

TEST_F(NativeInstallerTest, ADriverThatDoesNotLoadIsNotPublished) {
    write("bad-driver", "");
    EXPECT_THAT(error(), HasSubstr("no such function"));
    EXPECT_THAT(engine_folders(), IsEmpty());
}

TEST_F(NativeInstallerTest, RefusesAMachineThatNoDriverIsFor) {
    entry_.sets[0].drivers[0].machine = "vax";
    EXPECT_THAT(error(), HasSubstr("no driver for this machine"));
}

TEST_F(NativeInstallerTest, AnEngineOfAnotherVersionIsNotPublished) {
    write("dbt-version", "dbt-core 2.1.11.16\n");
    EXPECT_THAT(error(), HasSubstr("says it is dbt-core 2.1.11.16"));
}

TEST_F(InstallerTest, TheLinterIsAskedForItsOwnVersion) {
    entry_.family = Family::linter;
    entry_.sets.front().adapters.clear();
    write("versions", "python -m sqlfluff, version 1.11.16\n");
    auto engine = install_entry();
    ASSERT_TRUE(engine) << engine.error().message;
    EXPECT_EQ(engine->version_words(), "SQLFluff 1.11.16");
    EXPECT_THAT(calls(), HasSubstr("python -I -m sqlfluff --version"));
    EXPECT_EQ(list_installed(options_.engines_dir).at(0).family, Family::linter);
}

TEST_F(InstallerTest, RefusesWhatIsNotInstallable) {
    entry_.installable = false;
    entry_.reason = "it downloads a file.";
    EXPECT_THAT(error(), HasSubstr("it downloads a file."));
    EXPECT_FALSE(find_installed(options_.engines_dir, entry_, entry_.base()));
}

TEST_F(InstallerTest, SaysThatItCannotWrite) {
    folder_.write("engines", "a file");
    EXPECT_THAT(error(), HasSubstr("The engines folder cannot be made"));
}

}  // namespace
}  // namespace mw::engines
