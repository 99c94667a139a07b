#include "features/worker_api/worker_input.hpp"

#include <fmt/format.h>

#include <set>

#include "base/json_reader.hpp"
#include "infra/crypto/ssh_fingerprint.hpp"

namespace mw::worker_api {
namespace {

constexpr std::size_t kStepsMax = 1000;
constexpr TextLimit kGitName{0, 1024};
// A run with submodules meets a few hosts.
constexpr std::size_t kHostKeysMax = 100;
constexpr TextLimit kHostname{1, 255};
constexpr TextLimit kKeyType{1, 100};
constexpr TextLimit kPublicKey{1, 8192};
constexpr std::size_t kRelationMax = 2048;

std::optional<Timestamp> read_time(JsonReader& in, std::string_view field) {
    std::optional<std::string> text;
    in.optional(field, text);
    if (!text) return std::nullopt;
    auto at = parse_time(*text);
    if (!at) in.error(field, "must be a time such as 2024-05-27T10:42:16Z");
    return at;
}

boost::json::value time_or_null(std::optional<Timestamp> at) {
    return at ? boost::json::value(format_rfc3339(*at)) : boost::json::value(nullptr);
}

std::optional<runs::Status> read_status(JsonReader& in) {
    std::int64_t code = 0;
    in.required("status", code);
    auto status = runs::to_status(code);
    if (code != 0 && !status) in.error("status", "is not a status");
    return status;
}

void read_step(JsonReader& in, StepsReport& report) {
    std::int64_t index = 0;
    std::string name;
    std::string command;
    in.required("index", index, {1, 10'000});
    in.required("name", name);
    in.keep("command", command);
    auto status = read_status(in);
    auto started_at = read_time(in, "started_at");
    auto finished_at = read_time(in, "finished_at");
    if (!in.finish()) return;
    bool has_begun = started_at || *status == runs::Status::running;
    if (has_begun && !started_at) started_at = now();
    if (has_begun && (!report.first_started_at || *started_at < *report.first_started_at))
        report.first_started_at = started_at;
    report.steps.push_back({{"index", index},
                            {"name", name},
                            {"command", command},
                            {"status", static_cast<int>(*status)},
                            {"started_at", time_or_null(started_at)},
                            {"finished_at", time_or_null(finished_at)}});
}

}  // namespace

result<StepsReport> read_steps(const boost::json::value& body) {
    StepsReport report;
    JsonReader in(body);
    const auto* given = in.find("steps");
    if (!given || !given->is_array()) in.error("steps", "must be a list");
    MW_CHECK(in.finish());
    const auto& list = given->get_array();
    if (list.size() > kStepsMax)
        return fail_field("steps", fmt::format("has more than {} items", kStepsMax));
    std::set<std::int64_t> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
        JsonReader step(list[i], fmt::format("steps[{}]", i));
        std::int64_t index = 0;
        step.keep("index", index);
        if (!seen.insert(index).second) step.error("index", "is there twice");
        read_step(step, report);
        MW_CHECK(step.finish());
    }
    return report;
}

result<Progress> read_progress(const boost::json::value& body) {
    Progress progress;
    JsonReader in(body);
    in.optional("git_sha", progress.git_sha, kGitName);
    in.optional("git_branch", progress.git_branch, kGitName);
    in.keep("used_repo_cache", progress.used_repo_cache);
    MW_CHECK(in.finish());
    // A detached checkout has no branch; that is no news.
    if (progress.git_branch && progress.git_branch->empty()) progress.git_branch.reset();
    if (progress.git_sha && progress.git_sha->empty()) progress.git_sha.reset();
    return progress;
}

std::vector<std::string> read_relations(const boost::json::value& body) {
    std::set<std::string> relations;
    const auto* all = body.is_object() ? body.get_object().if_contains("nodes") : nullptr;
    if (!all || !all->is_array()) return {};
    for (const auto& node : all->get_array()) {
        const auto* relation =
            node.is_object() ? node.get_object().if_contains("relation") : nullptr;
        if (relation && relation->is_string() && relation->get_string().size() <= kRelationMax)
            relations.emplace(relation->get_string());
    }
    return {relations.begin(), relations.end()};
}

result<std::vector<ssh_host_keys::SeenKey>> read_host_keys(const boost::json::value& body) {
    std::vector<ssh_host_keys::SeenKey> keys;
    JsonReader in(body);
    const auto* given = in.find("ssh_host_keys");
    if (given && !given->is_array()) in.error("ssh_host_keys", "must be a list");
    MW_CHECK(in.finish());
    if (!given) return keys;
    const auto& list = given->get_array();
    if (list.size() > kHostKeysMax)
        return fail_field("ssh_host_keys", fmt::format("has more than {} items", kHostKeysMax));
    for (std::size_t i = 0; i < list.size(); ++i) {
        JsonReader item(list[i], fmt::format("ssh_host_keys[{}]", i));
        auto& key = keys.emplace_back();
        item.required("hostname", key.hostname, kHostname);
        item.keep("port", key.port, {1, 65535});
        item.required("key_type", key.key_type, kKeyType);
        item.required("public_key", key.public_key, kPublicKey);
        if (crypto::ssh_fingerprint(key.public_key) == "unreadable")
            item.error("public_key", "must be base64");
        MW_CHECK(item.finish());
    }
    return keys;
}

result<runs::Outcome> read_outcome(const boost::json::value& body) {
    runs::Outcome outcome;
    JsonReader in(body);
    auto status = read_status(in);
    if (status && !runs::is_over(*status)) in.error("status", "must be 10, 20 or 30");
    in.optional("status_message", outcome.message, {0, 64 * 1024});
    in.keep("artifacts_saved", outcome.artifacts_saved);
    in.keep("has_docs_generated", outcome.has_docs_generated);
    in.keep("has_sources_generated", outcome.has_sources_generated);
    MW_CHECK(in.finish());
    outcome.status = *status;
    if (outcome.message && outcome.message->empty()) outcome.message.reset();
    return outcome;
}

}  // namespace mw::worker_api
