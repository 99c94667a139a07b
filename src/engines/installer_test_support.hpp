// A catalogue with one entry, and programs that stand in for uv, npm and an engine, for this
// folder's tests.
#pragma once

#include <sys/utsname.h>

#include "engines/catalogue_file.hpp"
#include "engines/engine_test_support.hpp"
#include "engines/installer.hpp"
#include "engines/manifest.hpp"
#include "engines/run_program.hpp"

namespace mw::engines::testing {

// Does what uv would do to the file system, and notes how it was called. The interpreter that
// it makes answers with the versions in the file `versions`, and downloads as pip would: a file
// for each lock file, named after it.
inline constexpr std::string_view kUv = R"(#!/bin/sh
set -e
here=$(dirname "$0")
echo "$@" >> "$here/calls"
echo "python downloads: $UV_PYTHON_DOWNLOADS, path: ${PYTHONPATH:-none}" >> "$here/calls"
case $1 in
venv)
    for word; do case $word in */.staging-*|*/tools) folder=$word ;; esac; done
    mkdir -p "$folder/bin" "$folder/lib/deep"
    sed "s|HERE|$here|" "$here/python" > "$folder/bin/python"
    printf '#!/bin/sh\ncat "%s/dbt-version"\n' "$here" > "$folder/bin/dbt"
    chmod 700 "$folder/bin/python" "$folder/bin/dbt"
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

inline constexpr std::string_view kPython = R"(#!/bin/sh
here=HERE
echo "python $*" >> "$here/calls"
case "$*" in
*"pip download"*)
    while [ $# -gt 0 ]; do
        [ "$1" != --dest ] || dest=$2
        [ "$1" != --requirement ] || lock=$2
        shift
    done
    [ ! -e "$here/fail-download" ] || { echo "ERROR: no such wheel"; exit 1; }
    echo wheel > "$dest/$(basename "$lock" .txt).whl" ;;
*ctypes*) [ ! -e "$here/bad-driver" ] || { echo "no such function"; exit 1; } ;;
*) cat "$here/versions" ;;
esac
)";

inline constexpr std::string_view kNpm = R"(#!/bin/sh
here=$(dirname "$0")
echo "npm $*" >> "$here/calls"
cp "$here/duckdb.tgz" "$4"
)";

class InstallationFixture : public ::testing::Test {
  protected:
    InstallationFixture() {
        write_catalogue(folder_, "catalogue");
        write("versions", "dbt=1.11.16 duckdb=1.11.1 postgres=1.11.0\n");
        write("dbt-version", "");
        write("python", kPython);
        options_.uv_program = folder_.write("uv", kUv, true);
        options_.npm_program = folder_.write("npm", kNpm, true);
        options_.engines_dir = folder_.path() / "engines";
        options_.python_program = "/usr/bin/python3";
        entry_ = *read_entry(folder_.path() / "catalogue/a.yaml");
    }

    void write(const std::filesystem::path& name, std::string_view text) const {
        folder_.write(name, text);
    }

    // Its package is there for npm to give.
    Driver make_driver() const {
        write("package/libduckdb.so", "a library");
        auto packed = run_program({.program = "tar",
                                   .args = {"-czf", "duckdb.tgz", "package/libduckdb.so"},
                                   .environment = {"PATH=/usr/bin:/bin"},
                                   .cwd = folder_.path()},
                                  [](auto) {});
        EXPECT_TRUE(packed && packed->succeeded);
        struct utsname facts{};
        ::uname(&facts);
        return {.name = "duckdb",
                .version = "1.5.6",
                .entrypoint = "duckdb_adbc_init",
                .machine = facts.machine,
                .npm = "@duckdb/node-bindings@1.5.6",
                .file = "duckdb.tgz",
                .sha256 = *digest_of_file(folder_.path() / "duckdb.tgz"),
                .library = "package/libduckdb.so"};
    }

    result<InstalledEngine> install_entry() {
        return install(entry_, entry_.base(), options_,
                       [this](auto line) { progress_.emplace_back(line); });
    }

    std::string error() {
        auto engine = install_entry();
        EXPECT_FALSE(engine);
        return engine ? "" : engine.error().message;
    }

    std::vector<std::string> engine_folders() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(options_.engines_dir))
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

}  // namespace mw::engines::testing
