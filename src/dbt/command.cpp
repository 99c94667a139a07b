#include "dbt/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

namespace mw::dbt {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

// Options of the program itself that take a value, so that "dbt --target prod build" is a build.
constexpr std::array kGlobalOptionsWithValue = std::to_array<std::string_view>({
    "--defer-state",
    "--deprecated-defer",
    "--deprecated-favor-state",
    "--deprecated-print",
    "--deprecated-state",
    "--event-time-end",
    "--event-time-start",
    "--indirect-selection",
    "--log-file-max-bytes",
    "--log-format",
    "--log-format-file",
    "--log-level",
    "--log-level-file",
    "--log-path",
    "--partial-parse-file-diff",
    "--partial-parse-file-path",
    "--printer-width",
    "--profile",
    "--profiles-dir",
    "--project-dir",
    "--record-timing-info",
    "-r",
    "--state",
    "--target",
    "-t",
    "--target-path",
    "--threads",
    "--vars",
    "--warn-error-options",
});

// What it does with the artifacts of an earlier run. dbt Core 1.7 has the options where they mean
// something; later lines take them everywhere, and ignore them elsewhere.
enum class StateUse {
    none,
    selects,  // --state, for `state:modified` and its like, or as what is cloned from
    defers,   // --defer, too: what is not selected is looked for where that run has built it
};

struct Facts {
    std::string_view name;
    bool retries;
    bool writes_run_results;
    bool writes_manifest;
    StateUse state;
};

constexpr std::array kSubcommands = std::to_array<Facts>({
    {"build", true, true, true, StateUse::defers},
    {"clean", false, false, false, StateUse::none},
    {"clone", true, true, true, StateUse::selects},
    {"compile", true, true, true, StateUse::defers},
    {"debug", false, false, false, StateUse::none},
    {"deps", false, false, false, StateUse::none},
    {"docs generate", true, true, true, StateUse::defers},
    {"list", false, false, true, StateUse::selects},
    {"parse", false, false, true, StateUse::none},
    {"retry", false, true, true, StateUse::none},
    {"run", true, true, true, StateUse::defers},
    {"run-operation", true, true, true, StateUse::none},
    {"seed", true, true, true, StateUse::selects},
    {"show", false, true, true, StateUse::defers},
    {"snapshot", true, true, true, StateUse::defers},
    {"source freshness", false, false, true, StateUse::selects},
    {"test", true, true, true, StateUse::defers},
});

// By which a user says where the state is, and whether to defer.
struct Said {
    std::array<std::string_view, 2> options;
    std::array<std::string_view, 2> variables;
};
constexpr Said kSaysState{{"--state", "--deprecated-state"},
                          {"DBT_STATE", "DBT_ARTIFACT_STATE_PATH"}};
constexpr Said kSaysDefer{{"--defer", "--no-defer"}, {"DBT_DEFER", "DBT_DEFER_TO_STATE"}};

// What is dbt's, but nothing for a job.
struct Refusal {
    std::string_view name;
    std::string_view why;
};

constexpr std::array kRefusals = std::to_array<Refusal>({
    {"docs", "needs a second word: `dbt docs generate`"},
    {"docs serve", "does not end by itself, so no job can run it"},
    {"init", "asks questions, and in a job nobody answers them"},
    {"sl", "is part of dbt Cloud's semantic layer, which dbt Core does not have"},
    {"source", "needs a second word: `dbt source freshness`"},
});

// Options with a path. A run has a folder of its own, which is gone afterwards: a path that leads
// out of the project finds nothing there that a run should read, and leaves behind what it writes.
constexpr std::array kPathOptions = std::to_array<std::string_view>({
    "--defer-state",
    "--deprecated-state",
    "--log-path",
    "--partial-parse-file-path",
    "--project-dir",
    "--record-timing-info",
    "-r",
    "--state",
    "--target-path",
});

const Facts* facts_of(std::string_view subcommand) {
    const auto* found = std::ranges::find(kSubcommands, subcommand, &Facts::name);
    return found == kSubcommands.end() ? nullptr : found;
}

std::unexpected<Error> refuse(std::string message) {
    return fail(Errc::invalid_argument, std::move(message));
}

class Splitter {
  public:
    explicit Splitter(std::string_view text) : text_(text) {}

    result<std::vector<std::string>> split() {
        while (at_ < text_.size()) {
            char c = text_[at_++];
            if (kBlanks.contains(c)) {
                MW_CHECK(end_word());
                begins_line_ = begins_line_ || c == '\n';
            } else if (c == '\'') {
                MW_CHECK(single_quoted());
            } else if (c == '"') {
                MW_CHECK(double_quoted());
            } else if (c == '\\') {
                if (at_ == text_.size()) return refuse("The step ends in a backslash.");
                // A line that goes on in the next one.
                if (char next = text_[at_++]; next != '\n') put(next);
            } else {
                MW_CHECK(plain(c));
            }
        }
        MW_CHECK(end_word());
        return std::move(words_);
    }

  private:
    void put(char c) {
        in_word_ = true;
        word_ += c;
    }

    // A line break is a blank, so that a long command can be written on several lines; the next
    // command on a line of its own is a mistake.
    result<> end_word() {
        if (!in_word_) return {};
        if (begins_line_ && word_ == "dbt" && !words_.empty())
            return refuse(
                "A step is one dbt command: put the command that begins on a line of its own into "
                "a step of its own.");
        words_.push_back(std::exchange(word_, {}));
        in_word_ = begins_line_ = false;
        return {};
    }

    static std::unexpected<Error> no_shell(std::string_view what) {
        return refuse(
            fmt::format("A step is one dbt command, run without a shell: `{}` has no meaning here. "
                        "Put it in single quotes if it belongs to an argument, and further "
                        "commands into steps of their own.",
                        what));
    }

    // Whether a shell would replace the `$` before `at_`; one at the end of a pattern stays.
    bool begins_substitution() const {
        constexpr std::string_view kSpecial = "({_@*#?-$!";
        if (at_ == text_.size()) return false;
        char c = text_[at_];
        return kSpecial.contains(c) || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
               (c >= 'a' && c <= 'z');
    }

    result<> refuse_substitution() {
        if (text_[at_] == '(') return no_shell("$(");
        auto end = text_.find_first_of(" \t\n\"'", at_);
        return refuse(fmt::format(
            "A step is run without a shell, so `${}` is not replaced. Use dbt's env_var() in the "
            "project, or put it in single quotes if it is meant as it is.",
            text_.substr(at_, std::min<std::size_t>(end - at_, 40))));
    }

    result<> plain(char c) {
        constexpr std::string_view kShellOnly = "|&;<>`";
        if (kShellOnly.contains(c)) {
            bool twice = (c == '&' || c == '|') && at_ < text_.size() && text_[at_] == c;
            return no_shell(std::string(twice ? 2 : 1, c));
        }
        if (c == '$' && begins_substitution()) return refuse_substitution();
        if (c == '#' && !in_word_)
            return refuse(
                "A step has no comments: put `#` in single quotes if it belongs to an argument.");
        put(c);
        return {};
    }

    result<> single_quoted() {
        auto end = text_.find('\'', at_);
        if (end == std::string_view::npos) return refuse("A single quote (') is not closed.");
        in_word_ = true;
        word_ += text_.substr(at_, end - at_);
        at_ = end + 1;
        return {};
    }

    result<> double_quoted() {
        constexpr std::string_view kEscapable = "\"\\$`";
        in_word_ = true;
        while (at_ < text_.size()) {
            char c = text_[at_++];
            if (c == '"') return {};
            if (c == '`') return no_shell("`");
            if (c == '$' && begins_substitution()) return refuse_substitution();
            if (c == '\\' && at_ < text_.size()) {
                char next = text_[at_];
                if (next == '\n') {
                    ++at_;
                    continue;
                }
                if (kEscapable.contains(next)) {
                    c = next;
                    ++at_;
                }
            }
            put(c);
        }
        return refuse("A double quote (\") is not closed.");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool in_word_ = false;  // an empty quoted word is a word
    bool begins_line_ = false;
    std::string word_;
    std::vector<std::string> words_;
};

// Index of the first word that is no option of the program itself.
std::size_t subcommand_index(const std::vector<std::string>& argv) {
    std::size_t i = 0;
    while (i < argv.size() && argv[i].starts_with('-')) {
        const auto* found = std::ranges::find(kGlobalOptionsWithValue, argv[i]);
        i += found == kGlobalOptionsWithValue.end() ? 1 : 2;
    }
    return std::min(i, argv.size());
}

void find_subcommand(Command& command) {
    std::size_t i = subcommand_index(command.argv);
    command.options_at = i;
    if (i == command.argv.size()) return;
    std::string name = command.argv[i++];
    if (name == "ls") name = "list";
    // Options of a group may stand between its two words: `dbt docs --no-version-check generate`.
    if (name == "docs" || name == "source") {
        std::vector<std::string> rest(command.argv.begin() + static_cast<std::ptrdiff_t>(i),
                                      command.argv.end());
        std::size_t second = subcommand_index(rest);
        if (second < rest.size()) {
            name += " " + (rest[second] == "snapshot-freshness" ? "freshness" : rest[second]);
            i += second + 1;
        }
    }
    command.subcommand = std::move(name);
    command.options_at = i;
}

bool asks_for_words_only(const std::vector<std::string>& argv) {
    return std::ranges::any_of(argv, [](std::string_view word) {
        return word == "--version" || word == "-v" || word == "-V" || word == "--help" ||
               word == "-h";
    });
}

result<> check_subcommand(const Command& command) {
    const auto& name = command.subcommand;
    if (asks_for_words_only(command.argv) && (name.empty() || facts_of(name))) return {};
    if (name.empty()) return refuse("The step names no command: `dbt build`, for example.");
    const auto* refusal = std::ranges::find(kRefusals, name, &Refusal::name);
    if (refusal != kRefusals.end()) return refuse(fmt::format("`dbt {}` {}.", name, refusal->why));
    if (!facts_of(name)) return refuse(fmt::format("`{}` is no command of dbt.", name));
    return {};
}

bool leads_out(std::string_view text) {
    std::filesystem::path path(text);
    auto normal = path.lexically_normal();
    return text.starts_with('~') || path.is_absolute() || *normal.begin() == "..";
}

// The profile is what Millwright makes of the environment's connection: a step that brings its own
// would run against another warehouse than the environment says.
result<> check_paths(const Command& command) {
    if (has_option(command, "--profiles-dir"))
        return refuse(
            "A step has no `--profiles-dir`: the profile is made from the environment's connection "
            "and its extended attributes.");
    for (auto option : kPathOptions)
        for (auto value : option_values(command, option))
            if (value.empty() || leads_out(value))
                return refuse(fmt::format(
                    "`{}` must be a path inside the project: a run has a folder of its own, and "
                    "nothing outside of it stays or can be found again.",
                    option));
    return {};
}

}  // namespace

result<std::vector<std::string>> split_words(std::string_view text) {
    if (text.contains('\0')) return refuse("The step contains a NUL character.");
    return Splitter(text).split();
}

result<Command> parse_command(std::string_view text) {
    MW_TRY(auto words, split_words(text));
    if (words.empty()) return refuse("The step is empty.");
    if (words.front() != "dbt")
        return refuse(fmt::format("A step begins with `dbt`, not with `{}`.", words.front()));
    Command command;
    command.argv.assign(words.begin() + 1, words.end());
    find_subcommand(command);
    MW_CHECK(check_subcommand(command));
    MW_CHECK(check_paths(command));
    return command;
}

bool supports_retry(const Command& command) {
    const Facts* facts = facts_of(command.subcommand);
    return facts && facts->retries;
}

bool has_option(const Command& command, std::string_view name, std::string_view short_name) {
    for (const auto& word : command.argv) {
        if (word == "--") return false;
        if (word == name || (!short_name.empty() && word == short_name)) return true;
        if (word.starts_with(name) && word.substr(name.size()).starts_with('=')) return true;
    }
    return false;
}

std::vector<std::string_view> option_values(const Command& command, std::string_view name) {
    std::vector<std::string_view> values;
    for (std::size_t i = 0; i < command.argv.size(); ++i) {
        std::string_view word = command.argv[i];
        if (word == "--") break;
        if (word == name && i + 1 < command.argv.size()) values.emplace_back(command.argv[++i]);
        bool is_short = name.size() == 2;
        if (word.size() > name.size() && word.starts_with(name)) {
            auto rest = word.substr(name.size());
            if (!is_short && rest.starts_with('=')) values.push_back(rest.substr(1));
            if (is_short) values.push_back(rest);  // "-rpath"
        }
    }
    return values;
}

void add_option(Command& command, std::string_view name, std::string_view value) {
    if (has_option(command, name)) return;
    auto at = command.argv.begin() + static_cast<std::ptrdiff_t>(command.options_at);
    command.argv.insert(at, {std::string(name), std::string(value)});
}

void add_state(Command& command, const std::map<std::string, std::string>& environment,
               std::string_view folder) {
    auto said = [&](const Said& words) {
        return std::ranges::any_of(words.options,
                                   [&](auto name) { return has_option(command, name); }) ||
               std::ranges::any_of(words.variables, [&](auto name) {
                   return environment.contains(std::string(name));
               });
    };
    const Facts* facts = facts_of(command.subcommand);
    if (!facts || facts->state == StateUse::none || said(kSaysState)) return;
    bool defers = facts->state == StateUse::defers && !said(kSaysDefer);
    add_option(command, "--state", folder);
    if (!defers) return;
    auto at = command.argv.begin() + static_cast<std::ptrdiff_t>(command.options_at);
    command.argv.insert(at, "--defer");
}

std::vector<std::string_view> artifacts_of(const Command& command) {
    std::vector<std::string_view> files;
    const Facts* facts = facts_of(command.subcommand);
    if (!facts) return files;
    if (facts->writes_manifest) {
        files.emplace_back("manifest.json");
        files.emplace_back("semantic_manifest.json");
    }
    if (facts->writes_run_results) files.emplace_back("run_results.json");
    if (facts->name == "docs generate") {
        files.emplace_back("catalog.json");
        files.emplace_back("index.html");
    }
    if (facts->name == "source freshness") files.emplace_back("sources.json");
    return files;
}

std::string to_text(const std::vector<std::string>& words) {
    constexpr std::string_view kSafe =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+:,./@%^*";
    std::string text;
    for (const auto& word : words) {
        if (!text.empty()) text += ' ';
        if (!word.empty() && word.find_first_not_of(kSafe) == std::string::npos) {
            text += word;
            continue;
        }
        text += '\'';
        for (char c : word) {
            if (c == '\'') {
                text += "'\\''";
            } else {
                text += c;
            }
        }
        text += '\'';
    }
    return text;
}

}  // namespace mw::dbt
