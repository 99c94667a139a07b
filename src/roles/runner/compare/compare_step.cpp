#include "roles/runner/compare/compare_step.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <span>

#include "base/files.hpp"
#include "dbt/manifest_nodes.hpp"
#include "roles/runner/command/invoke.hpp"
#include "roles/runner/command/node_list.hpp"
#include "roles/runner/command/node_tracker.hpp"
#include "roles/runner/compare/comparison_plan.hpp"
#include "roles/runner/compare/comparison_project.hpp"
#include "roles/runner/compare/comparison_result.hpp"
#include "roles/runner/project/plain_file.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr std::size_t kMostManifestBytes = 512UL * 1024 * 1024;
constexpr std::size_t kMostModels = 2000;
// So many models in a row, and it is not the models: the warehouse is away.
constexpr int kMostFailures = 5;

result<dbt::ManifestNodes> nodes_of(const fs::path& manifest, const Selected& selected) {
    MW_TRY(auto text, read_plain(manifest, kMostManifestBytes));
    return dbt::pick_nodes(text, [&](auto id) { return is_for_comparison(id, selected); });
}

class Comparison {
  public:
    explicit Comparison(CompareStep step) : step_(std::move(step)) {}

    asio::awaitable<CompareDone> run() {
        if (auto none = step_.deferred.why_none(); !none.empty()) {
            step_.log.warn("There is nothing to compare with: " + none);
            co_return CompareDone{{Status::success, {}}, false};
        }
        auto done = co_await compare();
        if (done) co_return CompareDone{{Status::success, {}}, *done};
        const auto& error = done.error();
        if (step_.stop.requested()) {
            step_.log.warn(step_.stop.message());
            co_return CompareDone{{Status::cancelled, step_.stop.message()}, false};
        }
        step_.log.warn(error.message);
        if (!error.detail.empty()) step_.log.debug(error.detail);
        co_return CompareDone{{Status::error, first_words(error.message)}, false};
    }

  private:
    asio::awaitable<result<bool>> compare() {
        MW_CO_TRY(auto listed, co_await list_models(step_.engine, step_.log, step_.stop,
                                                    step_.deferred, step_.flags, step_.environment,
                                                    step_.workspace.seen(step_.project_folder)));
        Selected selected;
        for (const auto& node : listed)
            selected.insert(node.unique_id);
        MW_CO_TRY(auto plan, make_plan(selected));
        MW_CO_CHECK(co_await ask(plan));
        tell();
        co_return co_await save();
    }

    result<ComparisonPlan> make_plan(const Selected& selected) {
        dbt::Command listing{.argv = {}, .subcommand = "list"};
        auto target = target_folder(step_.project_folder, step_.environment, listing.argv);
        MW_TRY(auto ours, nodes_of(target / "manifest.json", selected));
        MW_TRY(auto production, nodes_of(step_.deferred.manifest(), selected));
        return plan_comparison(selected, step_.built, ours, production);
    }

    // Those that there is something to ask about, in batches.
    asio::awaitable<result<>> ask(const ComparisonPlan& plan) {
        std::vector<ModelToCompare> open;
        for (const auto& model : plan.models) {
            if (!model.skipped.empty())
                compared_.models.push_back(skipped(model, model.skipped));
            else if (open.size() == kMostModels)
                compared_.models.push_back(
                    skipped(model, "It is one model too many for a comparison."));
            else
                open.push_back(model);
        }
        if (open.empty()) co_return result<>{};
        MW_CO_TRY(auto folder,
                  write_comparison_project(step_.workspace.root(), plan, step_.profile));
        int failures = 0;
        for (std::span<const ModelToCompare> rest = open; !rest.empty();) {
            auto batch = rest.first(batch_size(rest));
            bool last = batch.size() == rest.size();
            MW_CO_TRY(auto answered, co_await ask_batch(batch, folder, last));
            if (answered > 0) failures = 0;
            rest = rest.subspan(answered);
            if (answered == batch.size()) continue;
            compared_.models.push_back(skipped(
                rest.front(), "The warehouse could not compare it; the step's log says why."));
            rest = rest.subspan(1);
            if (++failures == kMostFailures) {
                for (const auto& model : rest)
                    compared_.models.push_back(
                        skipped(model, "Not compared, because of those before it."));
                rest = {};
            }
        }
        std::error_code ignored;
        fs::remove_all(folder, ignored);
        co_return result<>{};
    }

    // How many of the batch there are answers for, in its order: what fails ends the command.
    asio::awaitable<result<std::size_t>> ask_batch(std::span<const ModelToCompare> batch,
                                                   fs::path folder, bool last) {
        std::size_t answered = 0;
        QuietListener listener(step_.log, [&](std::string_view line) {
            auto answer = read_answer(line);
            if (answer && answered < batch.size() && answer->unique_id == batch[answered].unique_id)
                compared_.models.push_back(judge(batch[answered++], answer->facts));
            return answer.has_value();
        });
        auto environment = plain_environment(step_.environment);
        environment["DBT_TARGET_PATH"] = "target";
        auto exit = co_await invoke_until_stopped(
            step_.engine, step_.stop,
            {comparison_command(batch), std::move(environment), step_.workspace.seen(folder),
             step_.more_follow || !last},
            listener);
        if (step_.stop.requested()) co_return fail(Errc::cancelled, step_.stop.message());
        if (!exit) co_return fail(std::move(exit).error());
        if (answered < batch.size())
            step_.log.warn(
                fmt::format("{} could not be compared: {}", batch[answered].name,
                            first_words(exit->error.value_or("what dbt says is above."))));
        co_return answered;
    }

    void tell() {
        std::ranges::sort(compared_.models, {}, &ComparedModel::unique_id);
        for (const auto& model : compared_.models)
            step_.log.info(line_of(model));
        step_.log.info(fmt::format("Compared with {}. {}", step_.deferred.title(),
                                   dbt::summary_of(compared_)));
    }

    asio::awaitable<result<bool>> save() {
        // Beside the workspace's folders, where no project writes.
        auto file = step_.workspace.root() / "compare_changes.next";
        MW_CO_CHECK(
            write_file_atomically(file, boost::json::serialize(dbt::to_json(compared_)), 0600));
        auto sent = co_await step_.api.put_artifact(std::string(dbt::kComparisonArtifact),
                                                    step_.log.step(), file);
        if (sent) co_return true;
        step_.log.warn(fmt::format("{} could not be saved: {}", dbt::kComparisonArtifact,
                                   sent.error().message));
        co_return false;
    }

    CompareStep step_;
    dbt::Comparison compared_;
};

}  // namespace

asio::awaitable<CompareDone> compare_changes(CompareStep step) {
    Comparison comparison(std::move(step));
    co_return co_await comparison.run();
}

}  // namespace mw::runner
