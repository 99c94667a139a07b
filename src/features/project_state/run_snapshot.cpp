#include "features/project_state/run_snapshot.hpp"

#include <algorithm>

#include "features/project_state/run_files.hpp"

namespace mw::project_state {
namespace {

// In files; parsed they take several times as much.
constexpr std::size_t kKeptBytesMost = 48UL * 1024 * 1024;
constexpr std::size_t kKeptMost = 16;

std::size_t bytes_of(const Files& files) {
    auto bytes = files.manifest.size();
    for (const auto* list : {&files.run_results, &files.sources, &files.catalogs})
        for (const auto& file : *list)
            bytes += file.text.size();
    return bytes;
}

result<> add_results(const Files& files, RunSnapshot& snapshot) {
    for (const auto& file : files.run_results) {
        MW_TRY(auto results, dbt::parse_run_results(file.text));
        for (auto& one : results.results) {
            auto node = snapshot.nodes.find(one.unique_id);
            if (node == snapshot.nodes.end()) continue;
            node->second.result = std::move(one);
            node->second.generated_at = results.generated_at;
            node->second.run_elapsed_time = results.elapsed_time_s;
        }
    }
    return {};
}

result<> add_observations(const std::vector<StepFile>& files,
                          result<dbt::Observations> (*parse)(std::string_view),
                          std::optional<boost::json::object> RunNode::* member,
                          RunSnapshot& snapshot) {
    for (const auto& file : files) {
        MW_TRY(auto seen, parse(file.text));
        for (auto& [unique_id, facts] : seen.nodes)
            if (auto node = snapshot.nodes.find(unique_id); node != snapshot.nodes.end())
                node->second.*member = std::move(facts);
    }
    return {};
}

result<std::shared_ptr<const RunSnapshot>> parse(const Files& files) {
    MW_TRY(auto manifest, dbt::parse_manifest(files.manifest));
    auto snapshot = std::make_shared<RunSnapshot>();
    snapshot->dbt_version = manifest.dbt_version;
    snapshot->generated_at = manifest.generated_at;
    for (auto& node : manifest.nodes) {
        auto unique_id = node.unique_id;
        snapshot->nodes.emplace(std::move(unique_id), RunNode{.node = std::move(node)});
    }
    for (const auto& [unique_id, node] : snapshot->nodes)
        for (const auto& parent : node.node.parents)
            if (auto above = snapshot->nodes.find(parent); above != snapshot->nodes.end())
                above->second.children.push_back(unique_id);
    MW_CHECK(add_results(files, *snapshot));
    MW_CHECK(add_observations(files.sources, dbt::parse_sources, &RunNode::freshness, *snapshot));
    MW_CHECK(add_observations(files.catalogs, dbt::parse_catalog, &RunNode::catalog, *snapshot));
    return snapshot;
}

}  // namespace

Awaitable<std::shared_ptr<const RunSnapshot>> RunSnapshots::find(Id account_id, Id run_id) {
    auto known = std::ranges::find(kept_, run_id, &Kept::run_id);
    if (known != kept_.end()) {
        kept_.splice(kept_.begin(), kept_, known);
        co_return kept_.front().snapshot;
    }
    MW_CO_TRY(auto files, co_await read_files(pool_, objects_, account_id, run_id, Wanted::all));
    MW_CO_TRY(auto snapshot, co_await offload(blocking_, [&files] { return parse(files); }));
    keep({.run_id = run_id, .bytes = bytes_of(files), .snapshot = snapshot});
    co_return snapshot;
}

void RunSnapshots::keep(Kept kept) {
    if (kept.bytes > kKeptBytesMost) return;
    // Another request may have read the same one meanwhile.
    std::erase_if(kept_, [&](const Kept& each) { return each.run_id == kept.run_id; });
    kept_.push_front(std::move(kept));
    auto sum = [&] {
        std::size_t bytes = 0;
        for (const auto& each : kept_)
            bytes += each.bytes;
        return bytes;
    };
    while (kept_.size() > kKeptMost || sum() > kKeptBytesMost)
        kept_.pop_back();
}

}  // namespace mw::project_state
