#include "engines/catalogue_file.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "base/files.hpp"
#include "base/trimmed.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::engines {
namespace {

constexpr std::size_t kEntryBytesMax = 64UL * 1024;
constexpr std::size_t kLockBytesMax = 4UL * 1024 * 1024;

constexpr auto kEntryKeys = std::to_array<std::string_view>({
    "accept",
    "aliases",
    "dbt_version",
    "family",
    "installable",
    "licence",
    "limits",
    "line",
    "name",
    "python",
    "reason",
    "sets",
    "title",
});
constexpr auto kSetKeys = std::to_array<std::string_view>({
    "adapters",
    "dbt_version",
    "drivers",
    "libraries",
    "limits",
    "packages",
    "python",
    "sources",
});
constexpr auto kDriverKeys = std::to_array<std::string_view>({
    "entrypoint",
    "file",
    "library",
    "machine",
    "name",
    "npm",
    "sha256",
    "version",
});

std::unexpected<Error> wrong(std::string message) {
    return fail(Errc::invalid_argument, std::move(message));
}

bool is_pinned(std::string_view requirement) {
    auto equals = requirement.find("==");
    return equals != std::string_view::npos && equals > 0 && equals + 2 < requirement.size() &&
           requirement.find_first_of("*<>~!") == std::string_view::npos;
}

// "dbt-spark==1.11.0" of "dbt-spark[PyHive]==1.11.0".
std::string without_extras(std::string requirement) {
    auto open = requirement.find('[');
    auto close = requirement.find(']');
    if (open != std::string::npos && close != std::string::npos && close > open)
        requirement.erase(open, close - open + 1);
    return requirement;
}

// What becomes part of a folder's or a file's name.
bool is_plain_name(std::string_view name) {
    return !name.empty() && !name.starts_with('.') &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") ==
               std::string_view::npos;
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

result<std::string> text_of(const YAML::Node& node, const char* key) {
    auto value = node[key];
    if (!value || !value.IsScalar() || value.Scalar().empty())
        return wrong(fmt::format("`{}` must be a text", key));
    return value.Scalar();
}

std::vector<std::string> texts_of(const YAML::Node& node, const char* key) {
    auto value = node[key];
    return value ? value.as<std::vector<std::string>>() : std::vector<std::string>{};
}

result<> check_keys(const YAML::Node& node, std::span<const std::string_view> keys) {
    if (!node.IsMap()) return wrong("it is not a mapping");
    for (const auto& pair : node)
        if (auto key = pair.first.as<std::string>(); std::ranges::find(keys, key) == keys.end())
            return wrong(fmt::format("there is no key `{}`", key));
    return {};
}

result<Family> family_of(std::string_view name) {
    for (auto family : {Family::core1, Family::core2, Family::fusion, Family::linter})
        if (family_name(family) == name) return family;
    return wrong(fmt::format("there is no family `{}`", name));
}

result<Driver> read_driver(const YAML::Node& node) {
    MW_CHECK(check_keys(node, kDriverKeys));
    Driver driver;
    MW_TRY(driver.name, text_of(node, "name"));
    MW_TRY(driver.version, text_of(node, "version"));
    MW_TRY(driver.entrypoint, text_of(node, "entrypoint"));
    MW_TRY(driver.machine, text_of(node, "machine"));
    MW_TRY(driver.npm, text_of(node, "npm"));
    MW_TRY(driver.file, text_of(node, "file"));
    MW_TRY(driver.sha256, text_of(node, "sha256"));
    MW_TRY(driver.library, text_of(node, "library"));
    if (!is_plain_name(driver.name)) return wrong("a driver's `name` has a strange character");
    if (!is_plain_name(driver.file)) return wrong("a driver's `file` must be the name of a file");
    if (!is_sha256(driver.sha256)) return wrong("a driver's `sha256` must be 64 hex digits");
    // npm takes much else for a package: an address, a folder, a repository.
    auto at = driver.npm.find('@', 1);
    if (driver.npm.contains(':') || driver.npm.contains("..") || at == std::string::npos ||
        at + 1 == driver.npm.size())
        return wrong(fmt::format("`{}` is no npm package with its version", driver.npm));
    return driver;
}

// yaml-cpp throws for every mistake in a file; `read_entry` makes one error of it.
class EntryReader {
  public:
    EntryReader(const YAML::Node& root, std::filesystem::path folder)
        : root_(root), locks_(std::move(folder) / "locks") {}

    result<Entry> read(Parts parts) {
        MW_CHECK(check_keys(root_, kEntryKeys));
        MW_CHECK(read_identity());
        if (entry_.installable && parts == Parts::whole) MW_CHECK(read_sets());
        return std::move(entry_);
    }

  private:
    result<> read_identity() {
        MW_TRY(entry_.name, text_of(root_, "name"));
        MW_TRY(entry_.title, text_of(root_, "title"));
        MW_TRY(entry_.licence, text_of(root_, "licence"));
        MW_TRY(auto family, text_of(root_, "family"));
        MW_TRY(entry_.family, family_of(family));
        if (root_["line"]) {
            MW_TRY(entry_.line, text_of(root_, "line"));
        }
        if (root_["accept"]) {
            MW_TRY(entry_.accept, text_of(root_, "accept"));
        }
        if (entry_.family == Family::fusion && entry_.accept.empty())
            return wrong("`accept` must name the licence, which is not a free one");
        // The name is part of a folder's name.
        if (!is_plain_name(entry_.name))
            return wrong("`name` has a character that is no letter, digit, dot, dash");
        entry_.aliases = texts_of(root_, "aliases");
        entry_.limits = texts_of(root_, "limits");
        MW_CHECK(text_of(root_, "installable"));
        entry_.installable = root_["installable"].as<bool>();
        if (entry_.installable) return {};
        MW_TRY(entry_.reason, text_of(root_, "reason"));
        return {};
    }

    result<> read_sets() {
        MW_TRY(entry_.dbt_version, text_of(root_, "dbt_version"));
        entry_.tools_lock_file = locks_ / "tools.txt";
        MW_CHECK(read_lock(entry_.tools_lock_file));
        auto sets = root_["sets"];
        if (!sets || !sets.IsMap() || !sets[std::string(kBaseSet)])
            return wrong("`sets` must have a set `base`");
        for (const auto& pair : sets) {
            auto name = pair.first.as<std::string>();
            auto set = read_set(name, pair.second);
            if (!set) return wrong(fmt::format("set `{}`: {}", name, set.error().message));
            entry_.sets.push_back(std::move(*set));
        }
        std::ranges::sort(entry_.sets, {}, [](const auto& set) {
            return std::pair(set.name != kBaseSet, set.name);
        });
        return {};
    }

    result<AdapterSet> read_set(const std::string& name, const YAML::Node& node) {
        MW_CHECK(check_keys(node, kSetKeys));
        if (!is_plain_name(name)) return wrong("its name has a strange character");
        AdapterSet set;
        set.name = name;
        set.dbt_version = entry_.dbt_version;
        if (node["dbt_version"]) {
            MW_TRY(set.dbt_version, text_of(node, "dbt_version"));
        }
        MW_TRY(auto python, text_of(node["python"] ? node : root_, "python"));
        MW_TRY(set.python, parse_python_range(python));
        if (node["adapters"])
            set.adapters = node["adapters"].as<std::map<std::string, std::string>>();
        if (set.adapters.empty() != (entry_.family == Family::linter))
            return wrong("`adapters` is missing, or has no meaning here");
        if (node["libraries"])
            set.libraries = node["libraries"].as<std::map<std::string, std::string>>();
        set.limits = texts_of(node, "limits");
        set.sources = texts_of(node, "sources");
        for (const auto& driver : node["drivers"]) {
            MW_TRY(auto read, read_driver(driver));
            set.drivers.push_back(std::move(read));
        }
        MW_CHECK(read_packages(set, node));
        return set;
    }

    result<> read_packages(AdapterSet& set, const YAML::Node& node) {
        set.packages = texts_of(node, "packages");
        if (set.packages.empty()) return wrong("`packages` is missing");
        set.lock_file = locks_ / entry_.name / (set.name + ".txt");
        MW_TRY(auto lock, read_lock(set.lock_file));
        for (const auto& package : set.packages) {
            if (!is_pinned(package)) return wrong(fmt::format("`{}` is not pinned", package));
            auto pin = without_extras(package) + " ";
            if (!lock.starts_with(pin) && !lock.contains("\n" + pin))
                return wrong(fmt::format("the lock file has no `{}`", package));
        }
        for (const auto& source : set.sources)
            if (!lock.contains("\n" + source + "=="))
                return wrong(fmt::format("the lock file has no `{}`", source));
        crypto::Sha256 digest;
        digest.update(lock);
        for (const auto& driver : set.drivers)
            digest.update(driver.sha256);
        set.digest = digest.hex();
        return {};
    }

    static result<std::string> read_lock(const std::filesystem::path& file) {
        MW_TRY(auto lock, read_file(file, kLockBytesMax));
        MW_CHECK(check_lock(lock));
        return lock;
    }

    YAML::Node root_;
    std::filesystem::path locks_;
    Entry entry_;
};

}  // namespace

result<PythonRange> parse_python_range(std::string_view text) {
    PythonRange range;
    auto comma = text.find(',');
    auto minor_after = [](std::string_view part, std::string_view prefix, int& minor) {
        part = trimmed(part);
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
        auto line = trimmed(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (line.ends_with('\\')) line = trimmed(line.substr(0, line.size() - 1));
        if (line.empty() || line.starts_with('#')) continue;
        if (line.starts_with("--hash=sha256:")) {
            has_digest = true;
            continue;
        }
        // Where packages come from is the site's own affair, not the catalogue's.
        if (line.starts_with('-') || line.contains("://"))
            return wrong(fmt::format("the lock file may not say `{}`", line));
        if (!has_digest) return wrong(fmt::format("the lock file has no digest of `{}`", open));
        open = trimmed(line.substr(0, line.find(';')));
        if (!is_pinned(open)) return wrong(fmt::format("the lock file does not pin `{}`", open));
        has_digest = false;
        ++packages;
    }
    if (!has_digest) return wrong(fmt::format("the lock file has no digest of `{}`", open));
    if (packages == 0) return wrong("the lock file is empty");
    return packages;
}

result<Entry> read_entry(const std::filesystem::path& file, Parts parts) {
    MW_TRY(auto text, read_file(file, kEntryBytesMax));
    auto read = [&]() -> result<Entry> {
        try {
            return EntryReader(YAML::Load(text), file.parent_path()).read(parts);
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
