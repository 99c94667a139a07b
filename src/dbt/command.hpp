// A job's step as the user wrote it ("dbt build --select 'a b'"), split as a shell would split
// it but run by none. Pure.
//
// Errors: `invalid_argument` with a sentence for the user.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::dbt {

struct Command {
    // What follows the word "dbt": ready for an engine.
    std::vector<std::string> argv;
    // "build", "docs generate", "source freshness"; "ls" and other second names under their
    // first. Empty when there is none ("dbt --version").
    std::string subcommand;
    // Index in `argv` after the subcommand's last word, where options of it may be put.
    std::size_t options_at = 0;
};

// Splits as a POSIX shell does, line breaks being blanks: '…' is verbatim, in "…" a backslash
// escapes `"`, `\`, `$` and a backtick, elsewhere any character. What would need a shell (pipes,
// `&&`, `;`, redirection, backticks, `$x`, comments) is refused unless it is quoted: it would be
// handed to dbt as it is, which is not what was meant. Patterns such as `*` are dbt's own.
result<std::vector<std::string>> split_words(std::string_view text);

// The step must be one command of dbt Core that ends by itself and asks nobody; its paths stay
// inside the project, and its profile is the environment's.
result<Command> parse_command(std::string_view text);

// Whether `dbt retry` can take up a failure of it (dbt Core 1.6 and later).
bool supports_retry(const Command& command);

// Whether it is given, as "--name", "--name=value" or by a short name such as "-s".
bool has_option(const Command& command, std::string_view name, std::string_view short_name = {});

// Every value that it is given, as "--name value" or "--name=value".
std::vector<std::string_view> option_values(const Command& command, std::string_view name);

// Puts "--name value" in, unless the user gave the option.
void add_option(Command& command, std::string_view name, std::string_view value);

// Has the command select by, and defer to, what an earlier run left in `folder`, as far as the
// subcommand can: --state and --defer. A user who has said either, by an option or by a variable
// of `environment`, has it as said; one's own state is deferred to only if one says so.
void add_state(Command& command, const std::map<std::string, std::string>& environment,
               std::string_view folder);

// Files that it writes into the target folder when it gets that far.
std::vector<std::string_view> artifacts_of(const Command& command);

// For a log or an error message: quoted where a shell would need it.
std::string to_text(const std::vector<std::string>& words);

}  // namespace mw::dbt
