// The states of a run's steps, and telling the app of each change.
//
// Thread: the io thread. Errors: those of the ApiClient.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "roles/runner/report/api_client.hpp"
#include "roles/runner/steps.hpp"

namespace mw::runner {

class StepTracker {
  public:
    StepTracker(ApiClient& api, std::vector<PlannedStep> plan);

    std::size_t size() const { return steps_.size(); }
    const PlannedStep& plan(std::size_t i) const { return steps_[i].plan; }
    Status status(std::size_t i) const { return steps_[i].status; }

    void begin(std::size_t i);
    // The command as it really was, once it is known.
    void set_invocation(std::size_t i, std::string invocation);
    // Before `begin` too: for a step whose turn never came.
    void end(std::size_t i, Status status);

    // Sends what has changed since the last time.
    boost::asio::awaitable<result<>> report();

  private:
    struct Step {
        PlannedStep plan;
        Status status = Status::queued;
        std::string invocation;
        std::optional<Timestamp> started_at;
        std::optional<Timestamp> finished_at;
        bool changed = true;
    };

    ApiClient& api_;
    std::vector<Step> steps_;
};

}  // namespace mw::runner
