#include "roles/runner/command/artifacts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace mw::runner {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::UnorderedElementsAre;

void write(const fs::path& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

class Artifacts : public testing::Test {
  protected:
    void SetUp() override { fs::remove_all(target_); }
    void TearDown() override { fs::remove_all(target_); }
    fs::path target_ = fs::path(testing::TempDir()) / "artifacts-test";
};

TEST_F(Artifacts, AreWhatDbtCloudLists) {
    write(target_ / "manifest.json", "{}");
    write(target_ / "index.html", "x");
    write(target_ / "partial_parse.msgpack", "x");
    write(target_ / "compiled/shop/models/a.sql", "select 1");
    write(target_ / "run/shop/models/a.sql", "create");
    write(target_ / "other/x.json", "{}");
    EXPECT_THAT(
        snapshot_target(target_),
        UnorderedElementsAre(Key("manifest.json"), Key("index.html"),
                             Key("compiled/shop/models/a.sql"), Key("run/shop/models/a.sql")));
}

TEST_F(Artifacts, NeverFollowLinks) {
    write(target_ / "real/secret.sql", "x");
    fs::create_directories(target_ / "compiled");
    fs::create_symlink("/etc/hostname", target_ / "manifest.json");
    fs::create_directory_symlink(target_ / "real", target_ / "compiled/linked");
    fs::create_directory_symlink(target_ / "real", target_ / "run");
    EXPECT_THAT(snapshot_target(target_), IsEmpty());
}

TEST_F(Artifacts, NoFolderIsNoArtifacts) {
    EXPECT_THAT(snapshot_target(target_), IsEmpty());
}

TEST(ChangedArtifacts, AreNewOrDifferent) {
    TargetSnapshot before{{"manifest.json", {1, 5, 9}}, {"run_results.json", {1, 5, 9}}};
    TargetSnapshot after{{"manifest.json", {1, 5, 9}},
                         {"run_results.json", {2, 5, 9}},
                         {"compiled/a.sql", {2, 5, 9}},
                         {"sources.json", {2, 5, 9}}};
    EXPECT_THAT(changed_artifacts(before, after).paths,
                ElementsAre("run_results.json", "sources.json", "compiled/a.sql"));
}

TEST(ChangedArtifacts, AreCutInTheTreesOnly) {
    TargetSnapshot after{{"compiled/a.sql", {1, 6, 1}},
                         {"compiled/b.sql", {1, 6, 2}},
                         {"manifest.json", {1, 100, 3}},
                         {"run/a.sql", {1, 1, 4}}};
    auto by_bytes = changed_artifacts({}, after, {.files = 100, .bytes = 107});
    EXPECT_THAT(by_bytes.paths, ElementsAre("manifest.json", "compiled/a.sql", "run/a.sql"));
    EXPECT_EQ(by_bytes.left_out, 1u);
    auto by_count = changed_artifacts({}, after, {.files = 2, .bytes = 1000});
    EXPECT_THAT(by_count.paths, ElementsAre("manifest.json", "compiled/a.sql"));
    EXPECT_EQ(by_count.left_out, 2u);
}

}  // namespace
}  // namespace mw::runner
