#include "dbt/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace mw::dbt {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

// Options of the program itself that take a value, so that "dbt --target prod build" is a build.
constexpr std::array kGlobalOptionsWithValue = std::to_array<std::string_view>({
    "--defer-state",
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

struct Facts {
    std::string_view name;
    bool retries;
    bool writes_run_results;
    bool writes_manifest;
};

constexpr std::array kSubcommands = std::to_array<Facts>({
    {"build", true, true, true},         {"clean", false, false, false},
    {"clone", true, true, true},         {"compile", true, true, true},
    {"debug", false, false, false},      {"deps", false, false, false},
    {"docs generate", true, true, true}, {"docs serve", false, false, false},
    {"init", false, false, false},       {"list", false, false, true},
    {"parse", false, false, true},       {"retry", false, true, true},
    {"run", true, true, true},           {"run-operation", true, true, true},
    {"seed", true, true, true},          {"show", false, true, true},
    {"snapshot", true, true, true},      {"source freshness", false, false, true},
    {"test", true, true, true},
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
                end_word();
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
        end_word();
        return std::move(words_);
    }

  private:
    void put(char c) {
        in_word_ = true;
        word_ += c;
    }

    void end_word() {
        if (in_word_) words_.push_back(std::exchange(word_, {}));
        in_word_ = false;
    }

    result<> plain(char c) {
        constexpr std::string_view kShellOnly = "|&;<>`";
        bool substitution = c == '$' && at_ < text_.size() && text_[at_] == '(';
        if (kShellOnly.contains(c) || substitution)
            return refuse(fmt::format(
                "A step is one dbt command, run without a shell: `{}` has no meaning here. Put it "
                "in quotes if it belongs to an argument, and further commands into steps of "
                "their own.",
                substitution ? "$(" : std::string(1, c)));
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
    if (command.subcommand == "init" || command.subcommand == "docs serve")
        return refuse(fmt::format("`dbt {}` does not end by itself, so no job can run it.",
                                  command.subcommand));
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

void add_option(Command& command, std::string_view name, std::string_view value) {
    if (has_option(command, name)) return;
    auto at = command.argv.begin() + static_cast<std::ptrdiff_t>(command.options_at);
    command.argv.insert(at, {std::string(name), std::string(value)});
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
