// The run's own group of processes: what its dbt and all that it starts may use, and whether a
// limit is why a step failed.
//
// A run goes on without what this machine cannot enforce, and says so in its log. On version 1 of
// cgroups the kernel ends a single process when memory runs out, and what waits for that one may
// wait for ever: so a while later everything else in the group is ended too.
// Thread: the io thread. Destroying it ends what is in the group; at most two seconds.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "infra/cgroup/tree.hpp"
#include "roles/runner/limits/run_limits.hpp"
#include "roles/runner/report/step_log.hpp"

namespace mw::runner {

struct StepOutcome;

class RunGroup {
  public:
    // `tree_file`: where the supervisor has written down what there is.
    RunGroup(boost::asio::any_io_executor executor, const std::filesystem::path& tree_file,
             RunLimits limits, Id run_id, Id account_id);
    ~RunGroup();

    // What its dbt writes its process id into; none when there is no group.
    std::vector<std::filesystem::path> doors() const;
    // What the sandbox has to hold back because no group does; 0: nothing.
    std::uint64_t processes_left_to_the_sandbox() const;
    // What is not enforced, a sentence each. `confined`: the sandbox holds processes back.
    std::vector<std::string> complaints(bool confined) const;

    void begin_step();
    // Says in the log and in a failure's message what a limit had to do with it.
    void end_step(StepOutcome& outcome, StepLog log);

  private:
    struct State;
    // Shared with the watch, which may be called once more after us.
    std::shared_ptr<State> state_;
};

}  // namespace mw::runner
