// `dbt ls` for the worker's own use: which nodes there are, by whatever selects them.
//
// Thread: the io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "dbt/command.hpp"
#include "roles/runner/command/deferred_state.hpp"
#include "roles/runner/engine/engine_session.hpp"
#include "roles/runner/report/step_log.hpp"
#include "roles/runner/stop.hpp"

namespace mw::runner {

struct ListedNode {
    std::string unique_id;
    std::string package_name;
    std::string original_file_path;
};

// Hears a command that the worker gives for itself: lines that `take` takes are shown to nobody,
// what dbt says besides is for the debug log, its warnings and errors for everybody.
class QuietListener final : public EngineListener {
  public:
    QuietListener(StepLog log, std::function<bool(std::string_view)> take)
        : log_(log), take_(std::move(take)) {}

    boost::asio::awaitable<void> on_event(dbt::Event event) override;
    boost::asio::awaitable<void> on_output(std::string text) override;
    boost::asio::awaitable<void> on_rows(dbt::Rows) override;

  private:
    StepLog log_;
    std::function<bool(std::string_view)> take_;
};

// Without the variables by which a user has dbt say less, or in another form.
EnvironmentMap plain_environment(EnvironmentMap environment);

// `flags` as a user writes them ("--select state:modified"); the state is added where there is one.
// Errors: `invalid_argument` the flags, in a sentence; `cancelled` the run was stopped;
// `upstream_failed` dbt, which has said why in the log.
boost::asio::awaitable<result<std::vector<ListedNode>>> list_models(
    EngineSession& engine, StepLog log, Stop& stop, const DeferredState& deferred,
    std::string flags, EnvironmentMap environment, std::filesystem::path seen_project);

}  // namespace mw::runner
