#include "roles/cli/engine_removal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/json_reader.hpp"
#include "dbt/adapters/adapter.hpp"
#include "engines/engine_lease.hpp"
#include "roles/cli/operator_session.hpp"

namespace mw::cli {
namespace {

using engines::AdapterSet;
using engines::Entry;
using engines::InstalledEngine;

constexpr std::size_t kUsersNamed = 10;

// A folder to remove; entry and set are those that it serves now, if it does.
struct Candidate {
    InstalledEngine engine;
    const Entry* entry = nullptr;
    const AdapterSet* set = nullptr;
};

// Empty when no folder has that name.
std::optional<Candidate> by_folder(const engines::Catalogue& catalogue, const Layout& layout,
                                   const std::string& name) {
    for (auto& engine : engines::list_installed(layout.engines_dir)) {
        if (engine.folder.filename() != name) continue;
        Candidate candidate{.engine = engine};
        for (const auto& entry : catalogue.entries())
            for (const auto& set : entry.sets) {
                auto current = engines::find_installed(layout.engines_dir, entry, set);
                if (!current || current->folder != engine.folder) continue;
                candidate.entry = &entry;
                candidate.set = &set;
            }
        return candidate;
    }
    return std::nullopt;
}

result<std::vector<Candidate>> candidates(const engines::Catalogue& catalogue, const Layout& layout,
                                          const RemovalWish& wish) {
    std::vector<Candidate> found;
    if (auto folder = by_folder(catalogue, layout, wish.version)) {
        found.push_back(std::move(*folder));
        return found;
    }
    MW_TRY(const auto* entry, catalogue.resolve_installable(wish.version));
    auto adapters = wish.adapters;
    if (adapters.empty()) adapters.emplace_back();
    for (const auto& adapter : adapters) {
        MW_TRY(const auto* set, entry->set_with(adapter));
        auto engine = engines::find_installed(layout.engines_dir, *entry, *set);
        if (!engine)
            return fail(Errc::not_found,
                        fmt::format("{}, set {}, is not installed on this machine.", entry->title,
                                    set->name));
        found.push_back({.engine = *engine, .entry = entry, .set = set});
    }
    return found;
}

result<std::vector<environments::EngineUse>> read_uses(const boost::json::value& list) {
    std::vector<environments::EngineUse> uses;
    if (!list.is_array()) return fail(Errc::upstream_failed, "the appliance's answer is no list");
    for (const auto& each : list.get_array()) {
        auto& use = uses.emplace_back();
        JsonReader in(each);
        in.required("kind", use.kind);
        in.required("id", use.id);
        in.keep("name", use.name);
        in.keep("environment", use.environment);
        in.keep("project", use.project);
        in.keep("dbt_version", use.dbt_version);
        in.keep("adapter_version", use.adapter_version);
        MW_CHECK(in.finish());
    }
    return uses;
}

result<std::vector<environments::EngineUse>> ask_appliance(const Layout& layout) {
    auto asked = ask_operator(layout, "GET", "engine-uses/");
    if (asked) return read_uses(*asked);
    // Where no appliance has ever been, nobody uses anything.
    if (asked.error().code == Errc::not_found) return std::vector<environments::EngineUse>{};
    asked.error().message = fmt::format(
        "whether an environment uses the engine cannot be told: {} (--force removes it unasked)",
        asked.error().message);
    return std::unexpected(std::move(asked).error());
}

}  // namespace

std::vector<std::string> users_of(const engines::Catalogue& catalogue, const Entry& entry,
                                  const AdapterSet& set,
                                  const std::vector<environments::EngineUse>& uses) {
    std::vector<std::string> users;
    for (const auto& use : uses) {
        auto resolved = catalogue.resolve(use.dbt_version);
        if (!resolved || *resolved != &entry) continue;
        auto adapter = dbt::find_adapter(use.adapter_version);
        auto needed = entry.set_with(adapter ? (*adapter)->type : use.adapter());
        if (!needed || *needed != &set) continue;
        if (use.kind == "run")
            users.push_back(fmt::format("run {} in environment \"{}\"", use.id, use.environment));
        else if (use.kind == "job")
            users.push_back(fmt::format("job \"{}\" ({}) in environment \"{}\"", use.name, use.id,
                                        use.environment));
        else
            users.push_back(fmt::format("environment \"{}\" ({})", use.name, use.id));
        users.back() += fmt::format(" of project \"{}\"", use.project);
    }
    return users;
}

result<std::vector<InstalledEngine>> remove_engines(const engines::Catalogue& catalogue,
                                                    const Layout& layout, const RemovalWish& wish,
                                                    const engines::Progress& progress) {
    MW_TRY(auto found, candidates(catalogue, layout, wish));
    bool serves = std::ranges::any_of(found, [](const auto& each) { return each.set != nullptr; });
    std::vector<environments::EngineUse> uses;
    if (serves && !wish.force) {
        MW_TRY(uses, ask_appliance(layout));
    }
    for (const auto& each : found) {
        if (!each.set) continue;
        auto users = users_of(catalogue, *each.entry, *each.set, uses);
        if (users.empty()) continue;
        auto more = users.size() > kUsersNamed
                        ? fmt::format(", and {} more", users.size() - kUsersNamed)
                        : std::string();
        users.resize(std::min(users.size(), kUsersNamed));
        return fail(Errc::conflict,
                    fmt::format("{} is in use by {}{}.", each.engine.folder.filename().string(),
                                fmt::join(users, ", "), more));
    }
    std::vector<InstalledEngine> removed;
    for (const auto& each : found) {
        MW_CHECK(engines::remove_engine(layout.engines_dir, each.engine, progress));
        removed.push_back(each.engine);
    }
    return removed;
}

}  // namespace mw::cli
