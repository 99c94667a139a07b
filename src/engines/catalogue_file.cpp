#include "engines/catalogue_file.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/files.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::engines {
namespace {

constexpr std::size_t kEntryBytesMax = 64UL * 1024;
constexpr std::size_t kLockBytesMax = 4UL * 1024 * 1024;

constexpr auto kKeys = std::to_array<std::string_view>({
    "adapters",
    "aliases",
    "dbt_version",
    "family",
    "installable",
    "licence",
    "limits",
    "line",
    "lock",
    "name",
    "packages",
    "python",
    "reason",
    "title",
});

std::unexpected<Error> wrong(std::string message) {
    return fail(Errc::invalid_argument, std::move(message));
}

std::string_view trim(std::string_view text) {
    auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool is_pinned(std::string_view requirement) {
    auto equals = requirement.find("==");
    return equals != std::string_view::npos && equals > 0 && equals + 2 < requirement.size() &&
           requirement.find_first_of("*<>~!") == std::string_view::npos;
}

// yaml-cpp throws for every mistake in a file; here it becomes one error.
class EntryReader {
  public:
    EntryReader(const YAML::Node& root, std::filesystem::path folder)
        : root_(root), folder_(std::move(folder)) {}

    result<Entry> read() {
        if (!root_.IsMap()) return wrong("it is not a mapping");
        for (const auto& pair : root_)
            if (auto key = pair.first.as<std::string>();
                std::ranges::find(kKeys, key) == kKeys.end())
                return wrong(fmt::format("there is no key `{}`", key));
        MW_CHECK(read_identity());
        if (entry_.installable) MW_CHECK(read_installation());
        return std::move(entry_);
    }

  private:
    result<std::string> text(const char* key) {
        auto node = root_[key];
        if (!node || !node.IsScalar() || node.Scalar().empty())
            return wrong(fmt::format("`{}` must be a text", key));
        return node.Scalar();
    }

    std::vector<std::string> texts(const char* key) {
        auto node = root_[key];
        return node ? node.as<std::vector<std::string>>() : std::vector<std::string>{};
    }

    result<> read_identity() {
        MW_TRY(entry_.name, text("name"));
        MW_TRY(entry_.title, text("title"));
        MW_TRY(entry_.line, text("line"));
        MW_TRY(entry_.licence, text("licence"));
        MW_TRY(auto family, text("family"));
        if (family != "core1") return wrong(fmt::format("there is no family `{}`", family));
        // The name is part of a folder's name.
        if (entry_.name.starts_with('.') ||
            entry_.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") !=
                std::string::npos)
            return wrong("`name` has a character that is no letter, digit, dot, dash");
        entry_.aliases = texts("aliases");
        entry_.limits = texts("limits");
        MW_CHECK(text("installable"));
        entry_.installable = root_["installable"].as<bool>();
        if (entry_.installable) return {};
        MW_TRY(entry_.reason, text("reason"));
        return {};
    }

    result<> read_installation() {
        MW_TRY(entry_.dbt_version, text("dbt_version"));
        MW_TRY(auto python, text("python"));
        MW_TRY(entry_.python, parse_python_range(python));
        entry_.packages = texts("packages");
        if (entry_.packages.empty()) return wrong("`packages` is missing");
        for (const auto& package : entry_.packages)
            if (!is_pinned(package)) return wrong(fmt::format("`{}` is not pinned", package));
        if (root_["adapters"])
            entry_.adapters = root_["adapters"].as<std::map<std::string, std::string>>();
        if (entry_.adapters.empty()) return wrong("`adapters` is missing");
        return read_lock();
    }

    result<> read_lock() {
        MW_TRY(auto name, text("lock"));
        entry_.lock_file = folder_ / name;
        MW_TRY(auto lock, read_file(entry_.lock_file, kLockBytesMax));
        MW_CHECK(check_lock(lock));
        for (const auto& package : entry_.packages)
            if (!lock.starts_with(package + " ") && !lock.contains("\n" + package + " "))
                return wrong(fmt::format("the lock file has no `{}`", package));
        entry_.lock_digest = crypto::sha256_hex(lock);
        return {};
    }

    YAML::Node root_;
    std::filesystem::path folder_;
    Entry entry_;
};

}  // namespace

result<PythonRange> parse_python_range(std::string_view text) {
    PythonRange range;
    auto comma = text.find(',');
    auto minor_after = [](std::string_view part, std::string_view prefix, int& minor) {
        part = trim(part);
        if (!part.starts_with(prefix)) return false;
        part.remove_prefix(prefix.size());
        auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), minor);
        return error == std::errc() && end == part.data() + part.size();
    };
    if (comma == std::string_view::npos ||
        !minor_after(text.substr(0, comma), ">=3.", range.least_minor) ||
        !minor_after(text.substr(comma + 1), "<3.", range.below_minor) ||
        range.below_minor <= range.least_minor)
        return wrong(fmt::format("`python` must be like \">=3.11,<3.14\", not \"{}\"", text));
    return range;
}

result<int> check_lock(std::string_view text) {
    int packages = 0;
    std::string_view open;  // the package whose digests follow
    bool has_digest = true;
    while (!text.empty()) {
        auto end = text.find('\n');
        auto line = trim(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (line.ends_with('\\')) line = trim(line.substr(0, line.size() - 1));
        if (line.empty() || line.starts_with('#')) continue;
        if (line.starts_with("--hash=sha256:")) {
            has_digest = true;
            continue;
        }
        // Where packages come from is the site's own affair, not the catalogue's.
        if (line.starts_with('-') || line.contains("://"))
            return wrong(fmt::format("the lock file may not say `{}`", line));
        if (!has_digest) return wrong(fmt::format("the lock file has no digest of `{}`", open));
        open = trim(line.substr(0, line.find(';')));
        if (!is_pinned(open)) return wrong(fmt::format("the lock file does not pin `{}`", open));
        has_digest = false;
        ++packages;
    }
    if (!has_digest) return wrong(fmt::format("the lock file has no digest of `{}`", open));
    if (packages == 0) return wrong("the lock file is empty");
    return packages;
}

result<Entry> read_entry(const std::filesystem::path& file) {
    MW_TRY(auto text, read_file(file, kEntryBytesMax));
    auto read = [&]() -> result<Entry> {
        try {
            return EntryReader(YAML::Load(text), file.parent_path()).read();
        } catch (const YAML::Exception& problem) {
            return wrong(problem.what());
        }
    };
    auto entry = read();
    if (!entry)
        entry.error().message = fmt::format("{} in the engine catalogue: {}",
                                            file.filename().string(), entry.error().message);
    return entry;
}

}  // namespace mw::engines
