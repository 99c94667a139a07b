#include "roles/runner/lint/lint_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/trimmed.hpp"
#include "roles/runner/project/plain_file.hpp"

namespace mw::runner {
namespace {

constexpr std::size_t kConfigBytesMax = 1024UL * 1024;

constexpr auto kDialects = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"athena", "athena"},
    {"bigquery", "bigquery"},
    {"clickhouse", "clickhouse"},
    {"databricks", "databricks"},
    {"duckdb", "duckdb"},
    {"fabric", "tsql"},
    {"postgres", "postgres"},
    {"redshift", "redshift"},
    {"snowflake", "snowflake"},
    {"spark", "sparksql"},
    {"sqlserver", "tsql"},
    {"synapse", "tsql"},
    {"teradata", "teradata"},
    {"trino", "trino"},
});

constexpr auto kFiles =
    std::to_array<const char*>({"setup.cfg", "tox.ini", "pep8.ini", ".sqlfluff", "pyproject.toml"});

std::string_view unquoted(std::string_view text) {
    for (char quote : {'"', '\''})
        if (text.size() > 1 && text.front() == quote && text.back() == quote)
            return text.substr(1, text.size() - 2);
    return text;
}

}  // namespace

std::string_view dialect_of(std::string_view adapter) {
    const auto* found = std::ranges::find(kDialects, adapter,
                                          &std::pair<std::string_view, std::string_view>::first);
    return found == kDialects.end() ? "ansi" : found->second;
}

OwnConfig read_own_config(std::string_view text) {
    OwnConfig own;
    bool ours = false;
    while (!text.empty()) {
        auto end = std::min(text.find('\n'), text.size());
        auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with('[')) ours = line == "[sqlfluff]" || line == "[tool.sqlfluff.core]";
        auto equals = line.find('=');
        if (!ours || equals == line.npos || trimmed(line.substr(0, equals)) != "templater")
            continue;
        own.templater = unquoted(trimmed(line.substr(equals + 1)));
    }
    return own;
}

OwnConfig read_own_config(const std::vector<std::filesystem::path>& folders) {
    OwnConfig own;
    for (const auto& folder : folders)
        for (const char* name : kFiles)
            if (auto text = read_plain(folder / name, kConfigBytesMax))
                if (auto said = read_own_config(*text); !said.templater.empty()) own = said;
    return own;
}

std::string fallback_config(std::string_view adapter, const OwnConfig& own,
                            const std::vector<std::filesystem::path>& macros) {
    auto config = fmt::format("[sqlfluff]\ndialect = {}\ntemplater = jinja\n", dialect_of(adapter));
    // A macro of a package is unknown to the templater `jinja`, which the project did not choose.
    if (own.templater.empty() || own.templater == "dbt") config += "ignore = templating\n";
    config += "\n[sqlfluff:templater:jinja]\napply_dbt_builtins = True\n";
    std::vector<std::string> folders;
    for (const auto& folder : macros)
        folders.push_back(folder.string());
    if (!folders.empty())
        config += fmt::format("load_macros_from_path = {}\n", fmt::join(folders, ","));
    return config;
}

}  // namespace mw::runner
