#include "engines/catalogue.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

#include "engines/catalogue_file.hpp"

namespace mw::engines {
namespace {

// "1.11" of "1.11", "1.11.4", "1.11.latest", "1.11.0-latest", "1.11.0-pre"; else empty.
std::string_view line_of(std::string_view version) {
    auto digits = [&](std::size_t from) {
        std::size_t end = from;
        while (end < version.size() && std::isdigit(static_cast<unsigned char>(version[end])))
            ++end;
        return end;
    };
    std::size_t major = digits(0);
    if (major == 0 || major == version.size() || version[major] != '.') return {};
    std::size_t minor = digits(major + 1);
    if (minor == major + 1) return {};
    if (minor < version.size() && version[minor] != '.' && version[minor] != '-') return {};
    return version.substr(0, minor);
}

result<> check_names(const std::vector<Entry>& entries) {
    std::set<std::string_view> seen;
    for (const auto& entry : entries) {
        std::vector<std::string_view> names(entry.aliases.begin(), entry.aliases.end());
        names.emplace_back(entry.name);
        if (!entry.line.empty()) names.emplace_back(entry.line);
        for (auto name : names)
            if (!seen.insert(name).second)
                return fail(Errc::invalid_argument,
                            fmt::format("The engine catalogue has `{}` twice.", name));
    }
    return {};
}

result<std::vector<std::filesystem::path>> files_of(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(folder, error))
        if (file.path().extension() == ".yaml") files.push_back(file.path());
    if (error)
        return fail(Errc::not_found, "The engine catalogue cannot be read.",
                    fmt::format("{}: {}", folder.string(), error.message()));
    if (files.empty())
        return fail(Errc::not_found, "The engine catalogue is empty.", folder.string());
    return files;
}

// 1.9 before 1.10; what is no number goes by its letters.
std::vector<std::pair<int, std::string_view>> parts_of(std::string_view name) {
    std::vector<std::pair<int, std::string_view>> parts;
    while (!name.empty()) {
        auto part = name.substr(0, name.find('.'));
        int number = 0;
        std::from_chars(part.data(), part.data() + part.size(), number);
        parts.emplace_back(number, part);
        name.remove_prefix(std::min(name.size(), part.size() + 1));
    }
    return parts;
}

}  // namespace

std::string_view family_name(Family family) {
    switch (family) {
        case Family::core1:
            return "core1";
        case Family::core2:
            return "core2";
        case Family::fusion:
            return "fusion";
        case Family::linter:
            return "linter";
    }
    return {};
}

const AdapterSet* Entry::find_set(std::string_view set_name) const {
    auto found = std::ranges::find(sets, set_name, &AdapterSet::name);
    return found == sets.end() ? nullptr : &*found;
}

result<const AdapterSet*> Entry::set_with(std::string_view adapter) const {
    if (adapter.empty() && !sets.empty()) return &sets.front();
    for (const auto& set : sets)
        if (set.adapters.contains(std::string(adapter))) return &set;
    return fail(Errc::not_found, fmt::format("{} has no adapter `{}` here. There is {}.", title,
                                             adapter, all_adapters()));
}

std::string Entry::all_adapters() const {
    std::set<std::string_view> names;
    for (const auto& set : sets)
        for (const auto& [adapter, version] : set.adapters)
            names.insert(adapter);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string PythonRange::describe() const {
    if (below_minor == least_minor + 1) return fmt::format("Python 3.{}", least_minor);
    return fmt::format("Python 3.{} to 3.{}", least_minor, below_minor - 1);
}

result<Catalogue> Catalogue::load(const std::filesystem::path& folder) {
    MW_TRY(auto files, files_of(folder));
    std::vector<Entry> entries;
    for (const auto& file : files) {
        MW_TRY(auto entry, read_entry(file));
        entries.push_back(std::move(entry));
    }
    Catalogue catalogue;
    MW_CHECK(catalogue.take(std::move(entries)));
    return catalogue;
}

result<Entry> Catalogue::load_entry(const std::filesystem::path& folder,
                                    std::string_view dbt_version) {
    MW_TRY(auto files, files_of(folder));
    std::vector<Entry> entries;
    std::map<std::string, std::filesystem::path> file_of;
    for (const auto& file : files) {
        MW_TRY(auto entry, read_entry(file, Parts::identity));
        if (entry.family == Family::linter) continue;
        file_of[entry.name] = file;
        entries.push_back(std::move(entry));
    }
    Catalogue catalogue;
    MW_CHECK(catalogue.take(std::move(entries)));
    MW_TRY(const auto* found, catalogue.resolve_installable(dbt_version));
    return read_entry(file_of.at(found->name));
}

result<Entry> Catalogue::load_linter(const std::filesystem::path& folder) {
    return read_entry(folder / fmt::format("{}.yaml", kLinter));
}

result<> Catalogue::take(std::vector<Entry> entries) {
    entries_ = std::move(entries);
    std::ranges::sort(entries_, {}, [](const auto& entry) {
        return std::tuple(entry.family == Family::linter,
                          parts_of(entry.line.empty() ? entry.name : entry.line), entry.name);
    });
    return check_names(entries_);
}

result<const Entry*> Catalogue::resolve(std::string_view dbt_version) const {
    for (const auto& entry : entries_) {
        if (entry.name == dbt_version ||
            std::ranges::find(entry.aliases, dbt_version) != entry.aliases.end())
            return &entry;
    }
    if (auto line = line_of(dbt_version); !line.empty()) {
        auto found = std::ranges::find(entries_, line, &Entry::line);
        if (found != entries_.end()) return &*found;
    }
    return fail(Errc::not_found,
                fmt::format("There is no dbt engine for version `{}`. There is {}.", dbt_version,
                            what_there_is()));
}

result<const Entry*> Catalogue::resolve_installable(std::string_view dbt_version) const {
    MW_TRY(const auto* entry, resolve(dbt_version));
    if (!entry->installable)
        return fail(Errc::invalid_argument,
                    fmt::format("{} cannot be used: {}", entry->title, entry->reason));
    return entry;
}

std::string Catalogue::what_there_is() const {
    std::vector<std::string> names;
    for (const auto& entry : entries_) {
        if (!entry.installable || entry.family == Family::linter) continue;
        names.push_back(entry.aliases.empty() ? entry.name
                                              : fmt::format("{} (also: {})", entry.name,
                                                            fmt::join(entry.aliases, ", ")));
    }
    return names.empty() ? "none that can be installed" : fmt::format("{}", fmt::join(names, "; "));
}

}  // namespace mw::engines
