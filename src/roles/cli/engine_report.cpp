#include "roles/cli/engine_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <cstdio>

#include "engines/catalogue.hpp"
#include "engines/installer.hpp"
#include "engines/manifest.hpp"

namespace mw::cli {
namespace {

namespace json = boost::json;
using engines::AdapterSet;
using engines::Entry;
using engines::InstalledEngine;

json::object json_of(const std::map<std::string, std::string>& texts) {
    json::object object;
    for (const auto& [name, text] : texts)
        object[name] = text;
    return object;
}

json::object json_of(const InstalledEngine& engine) {
    return {{"name", engine.name},
            {"set", engine.set},
            {"dbt_version", engine.dbt_version},
            {"adapters", json_of(engine.adapters)},
            {"licence", engine.licence},
            {"accepted_licence", engine.accepted_licence},
            {"bytes", engine.bytes},
            {"folder", engine.folder.string()}};
}

json::object json_of(const AdapterSet& set, const std::optional<InstalledEngine>& installed) {
    json::object object{{"name", set.name},
                        {"dbt_version", set.dbt_version},
                        {"adapters", json_of(set.adapters)},
                        {"packages", json::value_from(set.packages)},
                        {"libraries", json_of(set.libraries)},
                        {"python", set.python.describe()},
                        {"limits", json::value_from(set.limits)},
                        {"digest", set.digest},
                        {"installed", nullptr}};
    if (installed) object["installed"] = json_of(*installed);
    return object;
}

json::object json_of(const Entry& entry, const Layout& layout) {
    json::array sets;
    for (const auto& set : entry.sets)
        sets.push_back(json_of(set, engines::find_installed(layout.engines_dir, entry, set)));
    return {{"name", entry.name},
            {"title", entry.title},
            {"family", std::string(engines::family_name(entry.family))},
            {"line", entry.line},
            {"aliases", json::value_from(entry.aliases)},
            {"licence", entry.licence},
            {"accept", entry.accept},
            {"installable", entry.installable},
            {"reason", entry.reason},
            {"limits", json::value_from(entry.limits)},
            {"sets", std::move(sets)}};
}

// Of no use any more: the catalogue has other packages under that name now, or not the name.
std::vector<InstalledEngine> outdated(const engines::Catalogue& catalogue, const Layout& layout) {
    auto installed = engines::list_installed(layout.engines_dir);
    std::erase_if(installed, [&](const auto& engine) {
        return std::ranges::any_of(catalogue.entries(), [&](const Entry& entry) {
            return std::ranges::any_of(entry.sets, [&](const AdapterSet& set) {
                auto current = engines::find_installed(layout.engines_dir, entry, set);
                return current && current->folder == engine.folder;
            });
        });
    });
    return installed;
}

void print(const Entry& entry, const Layout& layout, bool with_limits) {
    fmt::print("{}: {}, {}", entry.name, entry.title, entry.licence);
    if (!entry.aliases.empty()) fmt::print("; also {}", fmt::join(entry.aliases, ", "));
    fmt::print("\n");
    if (!entry.installable) fmt::print("  not here: {}\n", entry.reason);
    for (const auto& set : entry.sets) {
        auto installed = engines::find_installed(layout.engines_dir, entry, set);
        fmt::print("  {}  {:<11} {}{}{}\n", installed ? "installed" : "available", set.name,
                   engines::version_words(entry.family, set.dbt_version),
                   set.adapters.empty() ? "" : ", " + describe_adapters(set.adapters),
                   installed ? ", " + describe_bytes(installed->bytes) : "");
        if (!with_limits) continue;
        for (const auto& [library, package] : set.libraries)
            fmt::print("             - Needs {} on this machine (Debian's package {}).\n", library,
                       package);
        for (const auto& limit : set.limits)
            fmt::print("             - {}\n", limit);
    }
    for (const auto& limit : entry.limits)
        if (with_limits) fmt::print("  - {}\n", limit);
}

std::string_view word_of(engines::Difference::Kind kind) {
    switch (kind) {
        case engines::Difference::Kind::changed:
            return "changed";
        case engines::Difference::Kind::missing:
            return "missing";
        case engines::Difference::Kind::added:
            return "added";
    }
    return {};
}

// Whether it is as it was installed; says what is not.
bool verify(const InstalledEngine& engine) {
    auto name = engine.folder.filename().string();
    if (engine.manifest_digest.empty()) {
        fmt::print("{}: installed by an earlier version, which wrote no list of its files\n", name);
        return false;
    }
    auto comparison = engines::compare_with_manifest(engine.folder, engine.manifest_digest);
    if (!comparison) {
        fmt::print("{}: {}\n", name, comparison.error().message);
        return false;
    }
    for (const auto& difference : comparison->differences)
        fmt::print("{}: {} {}\n", name, word_of(difference.kind), difference.path);
    if (!comparison->differences.empty()) return false;
    fmt::print("{}: {} files, all as they were installed\n", name, comparison->files);
    return true;
}

}  // namespace

std::string describe_bytes(std::uint64_t bytes) {
    constexpr std::uint64_t kMegabyte = 1'000'000;
    if (bytes < kMegabyte) return fmt::format("{} KB", (bytes + 999) / 1000);
    return fmt::format("{} MB", (bytes + (kMegabyte / 2)) / kMegabyte);
}

std::string describe_adapters(const std::map<std::string, std::string>& adapters) {
    std::vector<std::string> words;
    for (const auto& [name, version] : adapters)
        words.push_back(name + " " + version);
    return fmt::format("{}", fmt::join(words, ", "));
}

std::string with_adapters(const std::map<std::string, std::string>& adapters) {
    return adapters.empty() ? std::string() : " with " + describe_adapters(adapters);
}

result<> list_engines(const Layout& layout, const std::string& version, bool as_json) {
    MW_TRY(auto catalogue, engines::Catalogue::load(layout.engine_catalogue_dir));
    std::vector<const Entry*> entries;
    if (version.empty()) {
        for (const auto& entry : catalogue.entries())
            entries.push_back(&entry);
    } else {
        MW_TRY(const auto* entry, catalogue.resolve(version));
        entries.push_back(entry);
    }
    auto old = version.empty() ? outdated(catalogue, layout) : std::vector<InstalledEngine>();
    if (!as_json) {
        for (const auto* entry : entries)
            print(*entry, layout, !version.empty());
        for (const auto& engine : old)
            fmt::print("outdated: {}, {}, {}; nothing uses it\n", engine.folder.filename().string(),
                       engine.version_words(), describe_bytes(engine.bytes));
        return {};
    }
    json::object document{{"engines", json::array()}, {"outdated", json::array()}};
    for (const auto* entry : entries)
        document["engines"].as_array().push_back(json_of(*entry, layout));
    for (const auto& engine : old)
        document["outdated"].as_array().push_back(json_of(engine));
    fmt::print("{}\n", json::serialize(document));
    return {};
}

result<> verify_engines(const Layout& layout, const std::string& version,
                        const std::vector<std::string>& adapters) {
    MW_TRY(auto catalogue, engines::Catalogue::load(layout.engine_catalogue_dir));
    std::string name;
    if (!version.empty()) {
        MW_TRY(const auto* entry, catalogue.resolve_installable(version));
        name = entry->name;
    }
    std::size_t seen = 0;
    std::size_t bad = 0;
    for (const auto& engine : engines::list_installed(layout.engines_dir)) {
        bool wanted = adapters.empty() || std::ranges::any_of(adapters, [&](const auto& adapter) {
                          return engine.adapters.contains(adapter);
                      });
        if (!wanted || (!name.empty() && engine.name != name)) continue;
        ++seen;
        if (!verify(engine)) ++bad;
    }
    std::fflush(stdout);
    if (seen == 0 && (!name.empty() || !adapters.empty()))
        return fail(Errc::not_found, "No such engine is installed on this machine.");
    if (bad > 0)
        return fail(Errc::conflict, fmt::format("{} of {} engines {} not as installed. Remove and "
                                                "install what was changed.",
                                                bad, seen, bad == 1 ? "is" : "are"));
    return {};
}

}  // namespace mw::cli
