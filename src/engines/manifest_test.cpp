#include "engines/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "engines/engine_test_support.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;
using testing::text_of;

class ManifestTest : public ::testing::Test {
  protected:
    ManifestTest() {
        folder_.write("bin/dbt", "program", true);
        folder_.write("lib/a b.py", "text");
        folder_.write("lib/empty", "");
        folder_.write("engine.json", "{}");
        fs::create_symlink("dbt", folder_.path() / "bin/link");
        auto written = write_manifest(folder_.path());
        EXPECT_TRUE(written);
        facts_ = *written;
    }

    std::vector<std::string> differences() const {
        auto comparison = compare_with_manifest(folder_.path(), facts_.digest);
        EXPECT_TRUE(comparison) << comparison.error().message;
        std::vector<std::string> words;
        for (const auto& [kind, path] : comparison->differences)
            words.push_back((kind == Difference::Kind::changed   ? "changed "
                             : kind == Difference::Kind::missing ? "missing "
                                                                 : "added ") +
                            path);
        return words;
    }

    TemporaryFolder folder_;
    ManifestFacts facts_;
};

TEST_F(ManifestTest, NamesEveryFileAndTheirSize) {
    EXPECT_EQ(facts_.files, 4U);
    EXPECT_EQ(facts_.bytes, 11U);
    EXPECT_EQ(facts_.digest.size(), 64U);
    auto text = text_of(folder_.path() / "files.sha256");
    // printf text | sha256sum
    EXPECT_THAT(text, HasSubstr("982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"
                                " f lib/a b.py\n"));
    EXPECT_THAT(text, HasSubstr(" x bin/dbt\n"));
    EXPECT_THAT(text, HasSubstr(" l bin/link\n"));
    EXPECT_THAT(differences(), IsEmpty());
}

TEST_F(ManifestTest, NamesWhatIsChangedMissingAndAdded) {
    folder_.write("lib/a b.py", "other");
    fs::remove(folder_.path() / "lib/empty");
    folder_.write("lib/new.py", "");
    EXPECT_THAT(differences(),
                ElementsAre("changed lib/a b.py", "missing lib/empty", "added lib/new.py"));
}

TEST_F(ManifestTest, ALinkElsewhereAndARightToRunAreChanges) {
    fs::remove(folder_.path() / "bin/link");
    fs::create_symlink("/bin/sh", folder_.path() / "bin/link");
    fs::permissions(folder_.path() / "lib/empty", fs::perms::owner_all);
    EXPECT_THAT(differences(), ElementsAre("changed bin/link", "changed lib/empty"));
}

TEST_F(ManifestTest, APipeIsNotRead) {
    fs::remove(folder_.path() / "lib/empty");
    ASSERT_EQ(::mkfifo((folder_.path() / "lib/empty").c_str(), 0600), 0);
    EXPECT_THAT(differences(), ElementsAre("changed lib/empty"));
}

TEST_F(ManifestTest, AChangedListTellsNothing) {
    auto file = folder_.path() / "files.sha256";
    fs::permissions(file, fs::perms::owner_all);
    folder_.write("files.sha256", text_of(file) + "x");
    auto comparison = compare_with_manifest(folder_.path(), facts_.digest);
    ASSERT_FALSE(comparison);
    EXPECT_THAT(comparison.error().message, HasSubstr("files.sha256 has been changed"));
    fs::remove(file);
    EXPECT_EQ(compare_with_manifest(folder_.path(), facts_.digest).error().code, Errc::not_found);
}

TEST_F(ManifestTest, RefusesANameThatWouldForgeALine) {
    folder_.write("lib/a\nb", "");
    EXPECT_FALSE(write_manifest(folder_.path()));
}

}  // namespace
}  // namespace mw::engines
