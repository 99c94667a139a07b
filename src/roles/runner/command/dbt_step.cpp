#include "roles/runner/command/dbt_step.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/log.hpp"
#include "base/time.hpp"
#include "roles/runner/command/artifacts.hpp"
#include "roles/runner/command/duckdb_lock.hpp"
#include "roles/runner/command/invoke.hpp"
#include "roles/runner/command/node_tracker.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;

LineLevel line_level(const dbt::Event& event) {
    // What dbt would not have shown in a terminal (--quiet) belongs to the debug log only, and
    // what it would have (--debug) to both.
    if (!event.console) return LineLevel::debug;
    switch (event.level) {
        case dbt::Level::debug:
        case dbt::Level::info:
            return LineLevel::info;
        case dbt::Level::warn:
            return LineLevel::warn;
        case dbt::Level::error:
            return LineLevel::error;
    }
    return LineLevel::info;
}

class StepListener final : public EngineListener {
  public:
    StepListener(StepLog log, const DbtStep& step)
        : log_(log),
          workspaces_dir_(step.workspaces_dir),
          nodes_(step.tells_relations ? NodeTracker::Relations::told
                                      : NodeTracker::Relations::left_out) {}

    asio::awaitable<void> on_event(dbt::Event event) override {
        look_for_lock(event.message);
        if (event.node) look_for_lock(event.node->message);
        built_.take(event);
        if (auto state = nodes_.take(event))
            log_.shipper().add_node(log_.step(), std::move(*state));
        log_.shipper().add(log_.step(), line_level(event), event.message, format_rfc3339(event.at));
        co_await log_.shipper().room();
    }

    asio::awaitable<void> on_output(std::string text) override {
        look_for_lock(text);
        log_.info(text);
        co_await log_.shipper().room();
    }

    asio::awaitable<void> on_rows(dbt::Rows rows) override {
        if (!rows.about.empty()) log_.info(rows.about);
        log_.shipper().add_rows(log_.step(), dbt::kept_for_rows(rows.count), rows.text);
        co_await log_.shipper().room();
    }

    // Once, while the process that holds the file is likely to be still there.
    void look_for_lock(std::string_view text) {
        if (!lock_words_.empty()) return;
        if (auto clash = find_lock_clash(text))
            lock_words_ = explain_lock_clash(*clash, workspaces_dir_);
    }

    void close_nodes(std::string_view message) {
        for (auto& state : nodes_.close_open(message))
            log_.shipper().add_node(log_.step(), std::move(state));
    }

    BuiltModels take_built() { return std::move(built_); }
    const std::string& lock_words() const { return lock_words_; }
    std::string headline(const std::optional<std::string>& error) const {
        return nodes_.headline(error);
    }

  private:
    StepLog log_;
    const std::filesystem::path& workspaces_dir_;
    NodeTracker nodes_;
    BuiltModels built_;
    std::string lock_words_;
};

// The message of an unsuccessful end; what dbt has not said itself goes into the log.
std::string explain_failure(const result<InvocationExit>& exit, const StepListener& listener,
                            StepLog log) {
    if (!exit) {
        log.error(exit.error().message);
        return first_words(exit.error().message);
    }
    if (exit->signal && exit->error) log.error(*exit->error);
    if (!listener.lock_words().empty()) {
        log.error(listener.lock_words());
        return listener.lock_words();
    }
    auto headline = listener.headline(exit->error);
    return headline.empty() ? fmt::format("dbt ended with exit code {}.", exit->exit_code)
                            : headline;
}

}  // namespace

asio::awaitable<DbtStepResult> run_dbt_step(EngineSession& engine, ApiClient& api, StepLog log,
                                            Stop& stop, DbtStep step) {
    auto before = snapshot_target(step.target_folder);
    StepListener listener(log, step);
    auto exit = co_await invoke_until_stopped(
        engine, stop, {step.command.argv, step.environment, step.project_folder, step.more_follow},
        listener);
    DbtStepResult done;
    if (exit && exit->exit_code == 0 && !exit->signal) {
        done.outcome.status = Status::success;
    } else if (stop.requested()) {
        done.outcome = {Status::cancelled, stop.message()};
        log.warn(stop.message());
    } else {
        done.outcome = {Status::error, explain_failure(exit, listener, log)};
    }
    listener.close_nodes(stop.requested() ? stop.message() : "dbt ended before this node had.");
    done.built = listener.take_built();
    auto changed = changed_artifacts(before, snapshot_target(step.target_folder));
    done.artifacts =
        co_await upload_artifacts(api, log, step.target_folder, step.pack_file, std::move(changed));
    co_return done;
}

}  // namespace mw::runner
