#include "engines/catalogue.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
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
        names.emplace_back(entry.line);
        for (auto name : names)
            if (!seen.insert(name).second)
                return fail(Errc::invalid_argument,
                            fmt::format("The engine catalogue has `{}` twice.", name));
    }
    return {};
}

}  // namespace

std::string PythonRange::describe() const {
    if (below_minor == least_minor + 1) return fmt::format("Python 3.{}", least_minor);
    return fmt::format("Python 3.{} to 3.{}", least_minor, below_minor - 1);
}

result<Catalogue> Catalogue::load(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(folder, error))
        if (file.path().extension() == ".yaml") files.push_back(file.path());
    if (error)
        return fail(Errc::not_found, "The engine catalogue cannot be read.",
                    fmt::format("{}: {}", folder.string(), error.message()));
    if (files.empty())
        return fail(Errc::not_found, "The engine catalogue is empty.", folder.string());

    Catalogue catalogue;
    for (const auto& file : files) {
        MW_TRY(auto entry, read_entry(file));
        catalogue.entries_.push_back(std::move(entry));
    }
    std::ranges::sort(catalogue.entries_, {}, &Entry::name);
    MW_CHECK(check_names(catalogue.entries_));
    return catalogue;
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
        if (!entry.installable) continue;
        names.push_back(entry.aliases.empty() ? entry.name
                                              : fmt::format("{} (also: {})", entry.name,
                                                            fmt::join(entry.aliases, ", ")));
    }
    return names.empty() ? "none that can be installed" : fmt::format("{}", fmt::join(names, "; "));
}

}  // namespace mw::engines
