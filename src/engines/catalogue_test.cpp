#include "engines/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/catalogue_file.hpp"
#include "engines/engine_test_support.hpp"

namespace mw::engines {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kEntry;
using testing::kLock;
using ::testing::Not;
using testing::TemporaryFolder;

constexpr std::string_view kNotInstallable = R"(
name: 1.12.0-latest
title: dbt Core 1.12
family: core1
line: "1.12"
installable: false
reason: it downloads a file.
licence: Apache-2.0
)";

std::string with(std::string_view text, std::string_view what, std::string_view instead) {
    std::string changed(text);
    auto at = changed.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return changed.replace(at, what.size(), instead);
}

class CatalogueTest : public ::testing::Test {
  protected:
    CatalogueTest() {
        testing::write_catalogue(folder_, "");
        folder_.write("b.yaml", kNotInstallable);
        folder_.write("README.md", "no entry");
    }

    std::string load_error() const {
        auto catalogue = Catalogue::load(folder_.path());
        EXPECT_FALSE(catalogue);
        return catalogue ? "" : catalogue.error().message;
    }

    TemporaryFolder folder_;
};

TEST_F(CatalogueTest, LoadsEveryEntry) {
    auto catalogue = Catalogue::load(folder_.path());
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    ASSERT_EQ(catalogue->entries().size(), 2U);
    const Entry& entry = catalogue->entries()[0];
    EXPECT_EQ(entry.name, "1.11.0-latest");
    EXPECT_EQ(entry.dbt_version, "1.11.16");
    ASSERT_EQ(entry.sets.size(), 2U);
    EXPECT_EQ(entry.base().name, "base");
    EXPECT_EQ(entry.base().dbt_version, "1.11.16");
    EXPECT_EQ(entry.base().adapters.at("postgres"), "1.11.0");
    EXPECT_EQ(entry.base().digest.size(), 64U);
    EXPECT_EQ(entry.sets[1].dbt_version, "1.11.8");
    EXPECT_THAT(entry.sets[1].sources, ElementsAre("thrift"));
    EXPECT_THAT(entry.sets[1].limits, ElementsAre("It is cold."));
    EXPECT_EQ(entry.licence, "Apache-2.0");
    EXPECT_THAT(entry.limits, ElementsAre("It is small."));
    const auto& python = entry.base().python;
    EXPECT_TRUE(python.contains(3, 11));
    EXPECT_FALSE(python.contains(3, 99) || python.contains(2, 11));
}

TEST_F(CatalogueTest, FindsTheSetWithAnAdapter) {
    auto catalogue = *Catalogue::load(folder_.path());
    const Entry& entry = catalogue.entries()[0];
    EXPECT_EQ((*entry.set_with("duckdb"))->name, "base");
    EXPECT_EQ((*entry.set_with("snowflake"))->name, "snowflake");
    EXPECT_EQ((*entry.set_with(""))->name, "base");
    auto none = entry.set_with("oracle");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Errc::not_found);
    EXPECT_EQ(none.error().message,
              "dbt Core 1.11 has no adapter `oracle` here. There is duckdb, postgres, snowflake.");
}

constexpr std::string_view kNative = R"(
name: 2.0.0-fusion
title: dbt Fusion
family: fusion
dbt_version: 2.0.0-preview.1
aliases: [fusion]
installable: true
licence: its own
accept: dbt-fusion
python: ">=3.9,<3.99"
sets:
  base:
    packages: [dbt-core==1.11.16]
    adapters: {duckdb: 1.5.6}
    drivers:
      - name: duckdb
        version: 1.5.6
        entrypoint: duckdb_adbc_init
        machine: x86_64
        npm: "@duckdb/node-bindings-linux-x64@1.5.6-r.1"
        file: duckdb.tgz
        sha256: 1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff
        library: package/libduckdb.so
)";

TEST_F(CatalogueTest, AnEntryWithoutALineIsFoundByNameAlone) {
    folder_.write("c.yaml", kNative);
    folder_.write("locks/2.0.0-fusion/base.txt", kLock);
    auto catalogue = Catalogue::load(folder_.path());
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    auto entry = catalogue->resolve("fusion");
    ASSERT_TRUE(entry);
    EXPECT_EQ((*entry)->family, Family::fusion);
    EXPECT_EQ((*entry)->accept, "dbt-fusion");
    ASSERT_EQ((*entry)->base().drivers.size(), 1U);
    EXPECT_EQ((*entry)->base().drivers[0].entrypoint, "duckdb_adbc_init");
    EXPECT_FALSE(catalogue->resolve("2.0"));
    EXPECT_FALSE(catalogue->resolve("2.0.0-preview.1"));

    // Another driver is another engine, though the lock file is the same.
    folder_.write("c.yaml", with(kNative, "1b9f", "1b9e"));
    auto other = *Catalogue::load(folder_.path());
    EXPECT_NE((*other.resolve("fusion"))->base().digest, (*entry)->base().digest);
}

TEST_F(CatalogueTest, RefusesDriversThatCannotBeTrusted) {
    folder_.write("locks/2.0.0-fusion/base.txt", kLock);
    struct Case {
        std::string_view what;
        std::string_view instead;
        std::string_view message;
    };
    for (auto [what, instead, message] : std::to_array<Case>({
             {"accept: dbt-fusion", "", "`accept`"},
             {"1b9f82", "1b9f8", "64 hex digits"},
             {"file: duckdb.tgz", "file: ../duckdb.tgz", "name of a file"},
             {"@1.5.6-r.1", "", "no npm package with its version"},
             {"@duckdb/node-bindings-linux-x64@1.5.6-r.1", "file:x@1", "no npm package"},
             {"entrypoint: duckdb_adbc_init", "entry: x", "no key `entry`"},
         })) {
        folder_.write("c.yaml", with(kNative, what, instead));
        EXPECT_THAT(load_error(), HasSubstr(message)) << instead;
    }
}

TEST_F(CatalogueTest, ResolvesEverySpelling) {
    auto catalogue = *Catalogue::load(folder_.path());
    for (std::string_view version : {"1.11.0-latest", "latest", "versionless", "1.11", "1.11.4",
                                     "1.11.99", "1.11.latest", "1.11-latest", "1.11.0-pre"}) {
        auto entry = catalogue.resolve_installable(version);
        ASSERT_TRUE(entry) << version;
        EXPECT_EQ((*entry)->name, "1.11.0-latest") << version;
    }
    EXPECT_EQ((*catalogue.resolve("1.12.3"))->name, "1.12.0-latest");
}

TEST_F(CatalogueTest, SaysWhatThereIs) {
    auto catalogue = *Catalogue::load(folder_.path());
    for (std::string_view version : {"1.7.0-latest", "1.1", "1.111", "2.0.0", "1.11x", "newest", "",
                                     "1.", ".11", "1", "../../etc"}) {
        auto entry = catalogue.resolve_installable(version);
        ASSERT_FALSE(entry) << version;
        EXPECT_EQ(entry.error().code, Errc::not_found);
        EXPECT_EQ(entry.error().message,
                  "There is no dbt engine for version `" + std::string(version) +
                      "`. There is 1.11.0-latest (also: latest, versionless).");
    }
}

TEST_F(CatalogueTest, SaysWhyAnEntryIsNotInstallable) {
    auto catalogue = *Catalogue::load(folder_.path());
    auto entry = catalogue.resolve_installable("1.12.0-latest");
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().message, "dbt Core 1.12 cannot be used: it downloads a file.");
}

TEST_F(CatalogueTest, LoadsOneEntryWithoutTheLocksOfTheOthers) {
    folder_.write("c.yaml", with(with(with(testing::kEntry, "1.11.0-latest", "1.10.0-latest"),
                                      "\"1.11\"", "\"1.10\""),
                                 "aliases: [latest, versionless]", "aliases: []"));
    EXPECT_THAT(load_error(), HasSubstr("c.yaml"));
    auto entry = Catalogue::load_entry(folder_.path(), "latest");
    ASSERT_TRUE(entry) << entry.error().message;
    EXPECT_EQ(entry->name, "1.11.0-latest");
    EXPECT_EQ(entry->sets.size(), 2U);
    EXPECT_THAT(Catalogue::load_entry(folder_.path(), "1.10.0-latest").error().message,
                HasSubstr("c.yaml"));
    EXPECT_THAT(Catalogue::load_entry(folder_.path(), "1.12.0-latest").error().message,
                HasSubstr("cannot be used"));
    EXPECT_EQ(Catalogue::load_entry(folder_.path(), "9.9").error().code, Errc::not_found);
}

TEST_F(CatalogueTest, RefusesTwoOfAName) {
    folder_.write("b.yaml", with(kNotInstallable, "1.12.0-latest", "latest"));
    EXPECT_THAT(load_error(), HasSubstr("`latest` twice"));
    folder_.write("b.yaml", with(kNotInstallable, "\"1.12\"", "\"1.11\""));
    EXPECT_THAT(load_error(), HasSubstr("`1.11` twice"));
}

TEST_F(CatalogueTest, RefusesAFolderWithoutEntries) {
    TemporaryFolder empty;
    EXPECT_EQ(Catalogue::load(empty.path()).error().code, Errc::not_found);
    EXPECT_EQ(Catalogue::load(empty.path() / "nowhere").error().code, Errc::not_found);
}

TEST_F(CatalogueTest, NamesTheFileAndTheMistake) {
    struct Case {
        std::string_view what;
        std::string_view instead;
        std::string_view message;
    };
    for (auto [what, instead, message] : std::to_array<Case>({
             {"title: dbt Core 1.11", "", "`title`"},
             {"title: dbt Core 1.11", "title: [a]", "`title`"},
             {"family: core1", "family: other", "no family `other`"},
             {"licence: Apache-2.0", "license: Apache-2.0", "no key `license`"},
             {"installable: true", "installable: perhaps", "bad conversion"},
             {"installable: true", "installable: false", "`reason`"},
             {"[dbt-core==1.11.16]", "[dbt-core>=1.11]", "not pinned"},
             {"[dbt-core==1.11.16]", "[dbt-core==1.11.*]", "not pinned"},
             {"[dbt-core==1.11.16]", "[]", "set `base`: `packages`"},
             {"  base:", "  basic:", "`sets` must have a set `base`"},
             {"  snowflake:", "  ../snowflake:", "strange character"},
             {"sources: [thrift]", "sources: [logbook]", "no `logbook`"},
             {"sources: [thrift]", "source: [thrift]", "no key `source`"},
             {"[dbt-core==1.11.16]", "[dbt-core==1.11.1]", "no `dbt-core==1.11.1`"},
             {"{duckdb: 1.11.1, postgres: 1.11.0}", "{}", "`adapters`"},
             {"\">=3.9,<3.99\"", "\">=3.9\"", "`python`"},
             {"  snowflake:", "  bigquery:", "no such file"},
             {"name: 1.11.0-latest", "name: ../1.11", "`name`"},
             {"name: 1.11.0-latest", "name: [", "end of sequence"},
         })) {
        folder_.write("a.yaml", with(kEntry, what, instead));
        auto error = load_error();
        EXPECT_THAT(error, HasSubstr("a.yaml")) << instead;
        EXPECT_THAT(error, HasSubstr(message)) << instead;
    }
    folder_.write("a.yaml", "just text");
    EXPECT_THAT(load_error(), HasSubstr("not a mapping"));
}

TEST(Lock, NeedsEveryPackagePinnedAndDigested) {
    EXPECT_EQ(check_lock(kLock), 2);
    for (std::string_view text :
         {"", "# nothing\n", "a==1\n", "a==1 \\\n    --hash=sha256:00\nb==2\n",
          "a==1 \\\nb==2 \\\n    --hash=sha256:00\n", "a>=1 \\\n    --hash=sha256:00\n",
          "a==1 \\\n    --hash=md5:00\n", "--index-url x\na==1 --hash=sha256:00\n",
          "a @ https://example.com/a.whl \\\n    --hash=sha256:00\n",
          "-e .\na==1 \\\n    --hash=sha256:00\n"})
        EXPECT_FALSE(check_lock(text)) << text;
}

TEST(PythonRange, IsReadAndShown) {
    EXPECT_EQ(parse_python_range(">=3.11,<3.14")->describe(), "Python 3.11 to 3.13");
    EXPECT_EQ(parse_python_range(" >=3.11 , <3.12 ")->describe(), "Python 3.11");
    for (std::string_view text :
         {"", ">=3.11", "3.11,3.12", ">=3.12,<3.12", ">=3.x,<3.12", ">=3.11,<4", ">=3.11.1,<3.12"})
        EXPECT_FALSE(parse_python_range(text)) << text;
}

}  // namespace
}  // namespace mw::engines
