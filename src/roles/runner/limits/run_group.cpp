#include "roles/runner/limits/run_group.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>

#include "base/log.hpp"
#include "roles/runner/command/dbt_step.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto kLookEvery = 500ms;
// Long enough for dbt to say what became of its nodes, when it was only a part of it that ended.
constexpr int kLooksUntilAllEnds = 6;

cgroup::Tree tree_in(const std::filesystem::path& file) {
    auto tree = cgroup::read_tree(file);
    if (tree) return std::move(*tree);
    return cgroup::no_tree("nobody has made groups for runs; `millwright up` does");
}

}  // namespace

struct RunGroup::State : std::enable_shared_from_this<State> {
    State(asio::any_io_executor executor, RunLimits given, Id account)
        : limits(given), account_id(account), timer(executor) {}

    void look_later() {
        timer.expires_after(kLookEvery);
        timer.async_wait([self = weak_from_this()](const boost::system::error_code& error) {
            auto state = self.lock();
            if (!error && state && state->group) state->look();
        });
    }

    void look() {
        bool more = group->events().out_of_memory_kills > seen.out_of_memory_kills;
        looks_since_kill = in_step && more ? looks_since_kill + 1 : 0;
        if (looks_since_kill >= kLooksUntilAllEnds) {
            log::warn("ending a run whose memory ran out");
            group->kill();
            looks_since_kill = 0;
        }
        look_later();
    }

    std::string memory_words(const cgroup::Events& events) const {
        auto peak = group->memory_peak_bytes().value_or(0);
        return events.memory_limit_hits > 0 && limits.limits.memory_bytes > 0
                   ? memory_exceeded(limits, account_id, peak)
                   : machine_ran_out(peak);
    }

    cgroup::Tree tree;
    std::string no_group;  // why there is none, though there is a tree
    RunLimits limits;
    Id account_id;
    std::optional<cgroup::Group> group;
    asio::steady_timer timer;
    bool in_step = false;
    cgroup::Events seen;
    int looks_since_kill = 0;
};

RunGroup::RunGroup(asio::any_io_executor executor, const std::filesystem::path& tree_file,
                   RunLimits limits, Id run_id, Id account_id)
    : state_(std::make_shared<State>(executor, limits, account_id)) {
    state_->tree = tree_in(tree_file);
    if (state_->tree.places.empty()) return;
    auto name = cgroup::worker_group_name(fmt::format("run-{}", run_id), ::getpid());
    auto group = cgroup::Group::create(state_->tree, std::move(name), limits.limits);
    if (!group) {
        log::warn("the run has no group", {{"reason", group.error().message}});
        state_->no_group = group.error().message;
        return;
    }
    state_->group.emplace(std::move(*group));
    state_->look_later();
}

RunGroup::~RunGroup() {
    state_->timer.cancel();
    state_->group.reset();
}

std::vector<std::filesystem::path> RunGroup::doors() const {
    return state_->group ? state_->group->doors() : std::vector<std::filesystem::path>();
}

std::uint64_t RunGroup::processes_left_to_the_sandbox() const {
    bool held = state_->group && state_->tree.has(cgroup::Controller::pids);
    return held ? 0 : state_->limits.limits.processes;
}

std::vector<std::string> RunGroup::complaints(bool confined) const {
    std::vector<std::string> sentences;
    auto why = [&](cgroup::Controller controller) {
        return state_->no_group.empty() ? state_->tree.why_not(controller) : state_->no_group;
    };
    auto complain = [&](cgroup::Controller controller, SetBy by, std::string what) {
        if (by == SetBy::nobody) return;
        if (auto reason = why(controller); !reason.empty())
            sentences.push_back(not_enforced(what, by, reason));
    };
    const auto& limits = state_->limits;
    complain(cgroup::Controller::memory, limits.memory,
             fmt::format("memory limit of {}", in_megabytes(limits.limits.memory_bytes)));
    complain(cgroup::Controller::cpu, limits.cpus,
             fmt::format("limit of {:g} CPUs", limits.limits.cpus));
    if (!confined)
        complain(cgroup::Controller::pids, limits.processes,
                 fmt::format("limit of {} processes", limits.limits.processes));
    return sentences;
}

void RunGroup::begin_step() {
    if (!state_->group) return;
    state_->seen = state_->group->events();
    state_->looks_since_kill = 0;
    state_->in_step = true;
}

void RunGroup::end_step(StepOutcome& outcome, StepLog log) {
    if (!state_->group) return;
    state_->in_step = false;
    auto events = state_->group->events();
    bool failed = outcome.status == Status::error;
    if (events.out_of_memory_kills > state_->seen.out_of_memory_kills) {
        auto words = state_->memory_words(events);
        if (failed) {
            log.error(words);
            outcome.message = words;
        } else {
            log.warn(words);
        }
    } else if (failed && events.process_limit_hits > state_->seen.process_limit_hits) {
        auto words = processes_exceeded(state_->limits, state_->account_id);
        log.error(words);
        outcome.message = fmt::format("{} {}", words, outcome.message);
    }
    state_->seen = events;
}

}  // namespace mw::runner
