#include "roles/runner/report/step_tracker.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace mw::runner {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<Timestamp>& at) {
    return at ? json::value(format_rfc3339(*at)) : json::value(nullptr);
}

}  // namespace

StepTracker::StepTracker(ApiClient& api, std::vector<PlannedStep> plan) : api_(api) {
    for (auto& step : plan)
        steps_.emplace_back().plan = std::move(step);
}

void StepTracker::begin(std::size_t i) {
    steps_[i].status = Status::running;
    steps_[i].started_at = now();
    steps_[i].changed = true;
}

void StepTracker::set_invocation(std::size_t i, std::string invocation) {
    steps_[i].invocation = std::move(invocation);
    steps_[i].changed = true;
}

void StepTracker::end(std::size_t i, Status status) {
    steps_[i].status = status;
    if (steps_[i].started_at) steps_[i].finished_at = now();
    steps_[i].changed = true;
}

boost::asio::awaitable<result<>> StepTracker::report() {
    json::array changes;
    for (auto& step : steps_) {
        if (!step.changed) continue;
        step.changed = false;
        changes.push_back({{"index", step.plan.index},
                           {"name", step.plan.name},
                           {"command", step.plan.command},
                           {"invocation", step.invocation},
                           {"status", static_cast<int>(step.status)},
                           {"started_at", time_or_null(step.started_at)},
                           {"finished_at", time_or_null(step.finished_at)}});
    }
    if (changes.empty()) co_return result<>{};
    co_return co_await api_.put_steps(std::move(changes));
}

}  // namespace mw::runner
