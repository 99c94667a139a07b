#include "dbt/run_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <utility>

#include "dbt/artifact_json.hpp"

namespace mw::dbt {
namespace {

namespace json = boost::json;

double number_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_number() ? value->to_number<double>() : 0;
}

std::optional<std::int64_t> whole_number_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value) return std::nullopt;
    const auto* number = value->if_int64();
    return number ? std::optional(*number) : std::nullopt;
}

std::unexpected<Error> not_run_results(std::string why) {
    return not_of_dbt("run_results.json", std::move(why));
}

void read_timing(const json::object& result, NodeResult& node) {
    const auto* timing = result.if_contains("timing");
    if (!timing || !timing->is_array()) return;
    for (const auto& entry : timing->get_array()) {
        const auto* part = entry.if_object();
        if (!part) continue;
        auto name = text_of(*part, "name");
        if (name != "compile" && name != "execute") continue;
        bool compile = name == "compile";
        (compile ? node.compile_started_at : node.execute_started_at) =
            text_of(*part, "started_at");
        (compile ? node.compile_completed_at : node.execute_completed_at) =
            text_of(*part, "completed_at");
    }
}

result<NodeResult> read_result(const json::value& value) {
    const auto* object = value.if_object();
    NodeResult node;
    if (object) {
        node.unique_id = text_of(*object, "unique_id");
        node.status = text_of(*object, "status");
    }
    if (node.unique_id.empty() || node.status.empty())
        return not_run_results("a result has no unique_id or no status");
    node.message = text_of(*object, "message");
    node.execution_time_s = number_of(*object, "execution_time");
    node.failures = whole_number_of(*object, "failures");
    if (const auto* said = object->if_contains("adapter_response"); said && said->is_object()) {
        node.rows_affected = whole_number_of(said->get_object(), "rows_affected");
        node.bytes_processed = whole_number_of(said->get_object(), "bytes_processed");
        node.slot_ms = whole_number_of(said->get_object(), "slot_ms");
    }
    read_timing(*object, node);
    node.compiled_code = text_of(*object, "compiled_code");
    return node;
}

bool is_failure(std::string_view status) {
    return status == "error" || status == "fail" || status == "runtime error" ||
           status == "partial success";
}

}  // namespace

result<RunResults> parse_run_results(std::string_view text) {
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    if (error) return not_run_results(error.message());
    const auto* root = value.if_object();
    const auto* list = root ? root->if_contains("results") : nullptr;
    const auto* metadata = root ? root->if_contains("metadata") : nullptr;
    if (!list || !list->is_array()) return not_run_results("no list of results");
    if (!metadata || !metadata->is_object()) return not_run_results("no metadata");

    RunResults parsed;
    const auto& facts = metadata->get_object();
    parsed.dbt_version = text_of(facts, "dbt_version");
    parsed.invocation_id = text_of(facts, "invocation_id");
    parsed.generated_at = text_of(facts, "generated_at");
    parsed.elapsed_time_s = number_of(*root, "elapsed_time");
    if (const auto* args = root->if_contains("args"); args && args->is_object()) {
        parsed.args = args->get_object();
        parsed.command = text_of(parsed.args, "which");
        const auto* full_refresh = parsed.args.if_contains("full_refresh");
        parsed.full_refresh = full_refresh && *full_refresh == json::value(true);
    }
    parsed.results.reserve(list->get_array().size());
    for (const auto& entry : list->get_array()) {
        MW_TRY(auto node, read_result(entry));
        parsed.results.push_back(std::move(node));
    }
    return parsed;
}

Summary summarize(const RunResults& results) {
    Summary summary;
    for (const auto& node : results.results) {
        ++summary.total;
        if (is_failure(node.status)) {
            ++summary.failed;
        } else if (node.status == "skipped") {
            ++summary.skipped;
        } else if (node.status == "warn") {
            ++summary.warned;
        } else if (node.status == "no-op") {
            ++summary.no_op;
        } else {
            ++summary.passed;
        }
    }
    return summary;
}

std::vector<std::string> nodes_to_retry(const RunResults& results) {
    std::vector<std::string> nodes;
    for (const auto& node : results.results) {
        // Hooks run again with any invocation; only a run-operation is one itself.
        bool hook = node.unique_id.starts_with("operation.") && results.command != "run-operation";
        if (!hook && (is_failure(node.status) || node.status == "skipped"))
            nodes.push_back(node.unique_id);
    }
    return nodes;
}

bool is_retriable(const RunResults& results) {
    constexpr auto kCommands =
        std::to_array<std::string_view>({"build", "compile", "clone", "generate", "seed",
                                         "snapshot", "test", "run", "run-operation"});
    return std::ranges::find(kCommands, results.command) != kCommands.end();
}

}  // namespace mw::dbt
