#include "engines/wheelhouse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/installer_test_support.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class WheelhouseTest : public testing::InstallationFixture {
  protected:
    result<Downloaded> fetch(std::string_view set = kBaseSet) {
        return download(entry_, *entry_.find_set(set), options_, wheels_, [](auto) {});
    }

    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& file : fs::directory_iterator(wheels_))
            names.push_back(file.path().filename().string());
        return names;
    }

    fs::path wheels_ = folder_.path() / "wheels";
};

TEST_F(WheelhouseTest, FetchesWhatTheLockNamesAndChecksIt) {
    auto downloaded = fetch();
    ASSERT_TRUE(downloaded) << downloaded.error().message;
    EXPECT_EQ(downloaded->files, 1);
    EXPECT_THAT(files(), UnorderedElementsAre("base.whl"));
    EXPECT_THAT(calls(), HasSubstr("pip download"));
    EXPECT_THAT(calls(), HasSubstr("--no-deps --require-hashes"));
    EXPECT_THAT(calls(), HasSubstr("--only-binary :all: --dest"));
    // pip itself comes by its digest as well.
    EXPECT_THAT(calls(), HasSubstr("locks/tools.txt"));
}

TEST_F(WheelhouseTest, SourcePackagesComeWithWhatBuildsThem) {
    ASSERT_TRUE(fetch("snowflake"));
    EXPECT_THAT(files(), UnorderedElementsAre("snowflake.whl", "tools.whl"));
    EXPECT_THAT(calls(), HasSubstr("--no-build-isolation --only-binary :all: --no-binary thrift"));
    // A second set adds its own.
    ASSERT_TRUE(fetch());
    EXPECT_THAT(files(), UnorderedElementsAre("base.whl", "snowflake.whl", "tools.whl"));
}

TEST_F(WheelhouseTest, FetchesDrivers) {
    entry_.family = Family::core2;
    write("dbt-version", "dbt-core 1.11.16\n");
    entry_.sets[0].drivers = {make_driver()};
    ASSERT_TRUE(fetch());
    EXPECT_THAT(files(), UnorderedElementsAre("base.whl", "duckdb.tgz"));
    options_.wheelhouse = wheels_;
    options_.npm_program = "/nowhere/npm";
    ASSERT_TRUE(install_entry());
}

TEST_F(WheelhouseTest, ADriverOfAnotherDigestIsNotKept) {
    entry_.sets[0].drivers = {make_driver()};
    entry_.sets[0].drivers[0].sha256 = std::string(64, '0');
    EXPECT_THAT(fetch().error().message, HasSubstr("is not the file that the catalogue names"));
    EXPECT_THAT(files(), IsEmpty());
}

TEST_F(WheelhouseTest, AFailureLeavesNothing) {
    write("fail-download", "");
    auto downloaded = fetch();
    ASSERT_FALSE(downloaded);
    EXPECT_THAT(downloaded.error().message,
                HasSubstr("dbt Core 1.11 could not be downloaded (pip: exit code 1)"));
    EXPECT_THAT(downloaded.error().message, HasSubstr("no such wheel"));
    EXPECT_THAT(files(), IsEmpty());
}

TEST_F(WheelhouseTest, AsksForTheLicenceFirst) {
    entry_.accept = "dbt-fusion";
    EXPECT_EQ(fetch().error().code, Errc::forbidden);
    EXPECT_FALSE(fs::exists(wheels_));
}

TEST_F(WheelhouseTest, SaysThatItCannotWrite) {
    write("wheels", "a file");
    EXPECT_THAT(fetch().error().message, HasSubstr("The folder cannot be made"));
}

}  // namespace
}  // namespace mw::engines
