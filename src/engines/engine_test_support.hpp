// Temporary folders and a small catalogue entry for this folder's tests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "engines/installed_folder.hpp"

namespace mw::engines::testing {

// A folder that goes with the test, read-only content included.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "engines-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() { static_cast<void>(remove_folder(path_)); }

    const std::filesystem::path& path() const { return path_; }

    std::filesystem::path write(const std::filesystem::path& name, std::string_view text,
                                bool executable = false) const {
        auto file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << text;
        if (executable) std::filesystem::permissions(file, std::filesystem::perms::owner_all);
        return file;
    }

  private:
    std::filesystem::path path_;
};

inline std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline constexpr std::string_view kLock =
    "# all of it\n"
    "dbt-core==1.11.16 \\\n    --hash=sha256:00aa \\\n    --hash=sha256:11bb\n"
    "networkx==3.6.1 ; python_full_version < '3.12' \\\n    --hash=sha256:22cc\n";

inline constexpr std::string_view kToolsLock =
    "pip==26.3 \\\n    --hash=sha256:aa00\nsetuptools==84.2.1 \\\n    --hash=sha256:bb11\n";

inline constexpr std::string_view kSnowflakeLock =
    "# with a source package\n"
    "dbt-core==1.11.8 \\\n    --hash=sha256:00ab\n"
    "dbt-snowflake==1.11.6 \\\n    --hash=sha256:33dd\n"
    "thrift==0.16.0 \\\n    --hash=sha256:44ee\n";

inline constexpr std::string_view kEntry = R"(
name: 1.11.0-latest
title: dbt Core 1.11
family: core1
line: "1.11"
dbt_version: 1.11.16
aliases: [latest, versionless]
installable: true
licence: Apache-2.0
python: ">=3.9,<3.99"
limits: [It is small.]
sets:
  snowflake:
    dbt_version: 1.11.8
    packages: [dbt-core==1.11.8, "dbt-snowflake[x]==1.11.6"]
    sources: [thrift]
    adapters: {snowflake: 1.11.6}
    limits: [It is cold.]
  base:
    packages: [dbt-core==1.11.16]
    adapters: {duckdb: 1.11.1, postgres: 1.11.0}
)";

// Writes the catalogue's folder: an entry in a.yaml and its lock files.
inline void write_catalogue(const TemporaryFolder& folder, const std::filesystem::path& name) {
    folder.write(name / "a.yaml", kEntry);
    folder.write(name / "locks/1.11.0-latest/base.txt", kLock);
    folder.write(name / "locks/1.11.0-latest/snowflake.txt", kSnowflakeLock);
    folder.write(name / "locks/tools.txt", kToolsLock);
}

}  // namespace mw::engines::testing
