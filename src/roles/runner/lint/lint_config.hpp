// How SQLFluff is set up for a project. What the project says itself (.sqlfluff, setup.cfg,
// tox.ini, pep8.ini, pyproject.toml) counts; this is what holds where it says nothing. Pure, but
// for `read_own_config`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mw::runner {

// SQLFluff's word for what an adapter speaks: "duckdb"; "ansi" for one that it does not know.
std::string_view dialect_of(std::string_view adapter);

// What of the project's own settings the worker has to know.
struct OwnConfig {
    std::string templater;  // empty: it names none
};
// Of the text of one such file.
OwnConfig read_own_config(std::string_view text);
// Of these folders, the innermost last; its word is the last.
OwnConfig read_own_config(const std::vector<std::filesystem::path>& folders);

// The text of a .sqlfluff for the home folder, which SQLFluff asks last. `macros`: folders of the
// project, as the tool sees them.
std::string fallback_config(std::string_view adapter, const OwnConfig& own,
                            const std::vector<std::filesystem::path>& macros);

}  // namespace mw::runner
