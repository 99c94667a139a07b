#include "roles/runner/caches/package_pins.hpp"

#include <gtest/gtest.h>

namespace mw::runner {
namespace {

PackagePins pins(std::string yaml) {
    auto read = read_package_pins(yaml);
    EXPECT_TRUE(read) << yaml;
    return read.value_or(PackagePins{});
}

std::string list(std::string entry) {
    return "packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n  - " + entry + "\n";
}

TEST(PackagePins, CountsThePackages) {
    for (auto yaml : {"", "# nothing yet\n", "packages:\n", "packages: []\n", "projects: [x]\n"}) {
        EXPECT_EQ(pins(yaml).count, 0) << yaml;
        EXPECT_TRUE(pins(yaml).exact) << yaml;
    }
    EXPECT_EQ(pins(list("local: ../x")).count, 2);
    EXPECT_FALSE(read_package_pins("packages: {a: b}"));
    EXPECT_FALSE(read_package_pins("packages: [a"));
    EXPECT_FALSE(read_package_pins("packages: {{ env_var('DBT_PACKAGES') }}"));
}

TEST(PackagePins, AreExactWhenNothingCanMove) {
    for (auto entry :
         {"{package: a/b, version: 1.2.3}", "{package: a/b, version: [=1.2.3]}",
          "{package: a/b, version: \"0.10.0-rc1\", name: b}",
          "{git: 'https://h/b.git', revision: 0123456789012345678901234567890123456789}",
          "{git: \"https://{{ env_var('DBT_ENV_SECRET_TOKEN') }}@h/b.git\", revision: "
          "0123456789012345678901234567890123456789}"})
        EXPECT_TRUE(pins(list(entry)).exact) << entry;
    for (auto entry : {"{package: a/b}", "{package: a/b, version: [\">=1.0.0\", \"<2.0.0\"]}",
                       "{package: a/b, version: \">=1.0.0\"}", "{package: a/b, version: 1.2}",
                       "{git: 'https://h/b.git'}", "{git: 'https://h/b.git', revision: main}",
                       "{git: 'https://h/b.git', revision: 1.2.3}",
                       "{git: 'https://h/b.git', revision: 0123456}",
                       "{tarball: 'https://h/b.tgz', name: b}", "{local: ../b}", "{private: a/b}",
                       "x", "{package: a/b, version: \"{{ env_var('DBT_VERSION_OF_B') }}\"}",
                       "{git: \"https://{{ env_var('DBT_HOST') }}/b.git\", revision: "
                       "0123456789012345678901234567890123456789}"})
        EXPECT_FALSE(pins(list(entry)).exact) << entry;
}

}  // namespace
}  // namespace mw::runner
