#include "features/pull_requests/event_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/log.hpp"
#include "base/storable_text.hpp"
#include "features/commit_reports/report_store.hpp"
#include "features/git_hosts/delivery_store.hpp"
#include "features/pull_request_schemas/schema_store.hpp"
#include "features/repositories/repository.hpp"
#include "features/runs/run_service.hpp"

namespace mw::pull_requests {
namespace {

using git_hosts::EventRepository;
using git_hosts::PullRequestEvent;
using git_hosts::PushEvent;
using git_hosts::RerequestEvent;
using Action = PullRequestEvent::Action;

constexpr std::size_t kTextBytesMax = 500;
constexpr std::size_t kShortSha = 7;
constexpr const char* kForkRefusal =
    "Not built: its branch is in a fork, whose code this installation does not run.";

// What was done, for the delivery's row: "2 runs made, 1 cancelled".
struct Tally {
    int made = 0;
    int cancelled = 0;
    int dropped = 0;
    std::vector<std::string> notes = {};

    std::string text() const {
        std::string words = fmt::format("{} runs made", made);
        if (cancelled > 0) words += fmt::format(", {} cancelled", cancelled);
        if (dropped > 0) words += fmt::format(", {} schemas to drop", dropped);
        for (const auto& note : notes)
            words += "; " + note;
        return storable_text(words, 2000);
    }
};

bool same_name(std::string_view left, std::string_view right) {
    auto lower = [](unsigned char c) { return std::tolower(c); };
    return std::ranges::equal(left, right, {}, lower, lower);
}

// Which of ours an event is of. A webhook of one repository speaks for that one alone, and the
// App's for those of its installation that have the name.
Awaitable<std::vector<Candidate>> repositories_of(pg::Connection& tx,
                                                  const git_hosts::Delivery& delivery,
                                                  const EventRepository& of) {
    if (delivery.repository_id) co_return co_await repository_of_link(tx, *delivery.repository_id);
    if (!of.installation_id) co_return std::vector<Candidate>{};
    MW_CO_TRY(auto all, co_await repositories_of_installation(tx, *of.installation_id));
    std::erase_if(all, [&](const Candidate& one) {
        return !same_name(repositories::full_name_of(one.remote_url), of.full_name);
    });
    co_return all;
}

PullRequest row_of(const Candidate& repository, const PullRequestEvent& event) {
    PullRequest row;
    row.account_id = repository.account_id;
    row.repository_id = repository.id;
    row.number = event.number;
    row.title = storable_text(event.title, kTextBytesMax);
    row.author = storable_text(event.author, kTextBytesMax);
    row.url = storable_text(event.url, 2048);
    row.head_sha = event.head_sha;
    row.head_branch = storable_text(event.head_branch, kTextBytesMax);
    row.base_branch = storable_text(event.base_branch, kTextBytesMax);
    row.is_draft = event.is_draft;
    if (event.action == Action::closed) row.status = event.is_merged ? "merged" : "closed";
    return row;
}

// Hosts do not promise to tell in order: one that is open already is not opened by an older
// commit.
bool is_late(const PullRequest& known, const PullRequestEvent& event) {
    return event.action == Action::opened && known.status == "open" &&
           known.head_sha != event.head_sha;
}

class EventService {
  public:
    EventService(pg::Connection& tx, git_hosts::Delivery delivery)
        : tx_(tx), delivery_(std::move(delivery)) {}

    Awaitable<std::string> act(git_hosts::HostEvent event) {
        if (auto* pull = std::get_if<PullRequestEvent>(&event)) {
            MW_CO_CHECK(co_await on_pull_request(*pull));
        } else if (auto* push = std::get_if<PushEvent>(&event)) {
            MW_CO_CHECK(co_await on_push(*push));
        } else if (auto* again = std::get_if<RerequestEvent>(&event)) {
            MW_CO_CHECK(co_await on_rerequest(*again));
        } else {
            co_return "nothing to do";
        }
        co_return tally_.text();
    }

  private:
    Awaitable<> on_pull_request(const PullRequestEvent& event);
    Awaitable<> on_closed(const Candidate& repository, const PullRequestEvent& event);
    Awaitable<> on_open(const Candidate& repository, const PullRequestEvent& event);
    Awaitable<> on_push(const PushEvent& event);
    Awaitable<> on_rerequest(const RerequestEvent& event);
    Awaitable<> cancel(const Candidate& repository, std::int64_t number, std::string_view but_sha,
                       std::string reason);
    Awaitable<> make(runs::NewRun run, std::string_view job_name);

    pg::Connection& tx_;
    git_hosts::Delivery delivery_;
    Tally tally_;
};

Awaitable<> EventService::on_pull_request(const PullRequestEvent& event) {
    MW_CO_TRY(auto repositories, co_await repositories_of(tx_, delivery_, event.repository));
    if (repositories.empty()) tally_.notes.emplace_back("no project has this repository");
    for (const auto& repository : repositories) {
        if (event.action == Action::other) {
            tally_.notes.emplace_back("nothing that was changed is built");
            continue;
        }
        MW_CO_TRY(auto known, co_await find_pull_request(tx_, repository.id, event.number));
        if (known && is_late(*known, event)) {
            tally_.notes.emplace_back("told late: a newer commit is known");
            continue;
        }
        MW_CO_CHECK(co_await put_pull_request(tx_, row_of(repository, event)));
        MW_CO_CHECK(event.action == Action::closed ? co_await on_closed(repository, event)
                                                   : co_await on_open(repository, event));
    }
    co_return result<>{};
}

Awaitable<> EventService::on_closed(const Candidate& repository, const PullRequestEvent& event) {
    MW_CO_CHECK(co_await cancel(repository, event.number, "",
                                fmt::format("Cancelled because pull request {} was {}.",
                                            event.number, event.is_merged ? "merged" : "closed")));
    MW_CO_TRY(auto schemas,
              co_await pull_request_schemas::want_dropped(tx_, repository.id, event.number));
    tally_.dropped += schemas;
    co_return result<>{};
}

Awaitable<> EventService::on_open(const Candidate& repository, const PullRequestEvent& event) {
    MW_CO_CHECK(co_await pull_request_schemas::want_kept(tx_, repository.id, event.number));
    MW_CO_CHECK(co_await cancel(repository, event.number, event.head_sha,
                                fmt::format("Cancelled because pull request {} has a newer "
                                            "commit, {}.",
                                            event.number, event.head_sha.substr(0, kShortSha))));
    MW_CO_TRY(auto jobs, co_await ci_jobs(tx_, repository.id));
    std::erase_if(jobs, [&](const TriggeredJob& job) {
        return !is_branch_of(job.custom_branch, event.base_branch,
                             event.repository.default_branch) ||
               (event.is_draft && !job.triggers_on_draft_pr);
    });
    if (jobs.empty()) tally_.notes.emplace_back("no job is triggered by it");
    // Anybody may open one; what it holds would run with our credentials.
    if (event.is_from_fork && !jobs.empty()) {
        tally_.notes.emplace_back("refused: from a fork");
        co_return co_await commit_reports::note_refusal(tx_, repository.account_id, repository.id,
                                                        event.head_sha, event.number, kForkRefusal);
    }
    for (const auto& job : jobs) {
        MW_CO_TRY(bool known, co_await has_run(tx_, job.job_id, event.head_sha, true));
        if (known) continue;
        runs::NewRun run{.account_id = job.account_id,
                         .job_id = job.job_id,
                         .cause = storable_text(
                             fmt::format("Pull request {}: {}", event.number, event.title), 1000),
                         .cause_category = std::string(runs::kCauseCi)};
        run.overrides.git_sha = event.head_sha;
        if (!event.head_branch.empty()) run.overrides.git_branch = event.head_branch;
        set_pull_request(run.overrides, delivery_.kind, event.number);
        MW_CO_CHECK(co_await make(std::move(run), job.name));
    }
    co_return result<>{};
}

Awaitable<> EventService::on_push(const PushEvent& event) {
    if (event.is_deletion) co_return result<>{};
    MW_CO_TRY(auto repositories, co_await repositories_of(tx_, delivery_, event.repository));
    for (const auto& repository : repositories) {
        MW_CO_TRY(auto jobs, co_await merge_jobs(tx_, repository.id));
        for (const auto& job : jobs) {
            // Nobody is asked what the default branch is where the event does not say it.
            bool ours = job.custom_branch || !event.repository.default_branch.empty();
            if (!ours ||
                !is_branch_of(job.custom_branch, event.branch, event.repository.default_branch))
                continue;
            MW_CO_TRY(bool known, co_await has_run(tx_, job.job_id, event.sha, false));
            if (known) continue;
            runs::NewRun run{.account_id = job.account_id,
                             .job_id = job.job_id,
                             .cause = storable_text(fmt::format("Merge into {} at {}", event.branch,
                                                                event.sha.substr(0, kShortSha)),
                                                    1000),
                             .cause_category = std::string(runs::kCauseMerge)};
            run.overrides.git_sha = event.sha;
            run.overrides.git_branch = event.branch;
            MW_CO_CHECK(co_await make(std::move(run), job.name));
        }
    }
    co_return result<>{};
}

// Somebody asks for a commit's checks once more: each job's latest run of it, as it was made.
Awaitable<> EventService::on_rerequest(const RerequestEvent& event) {
    MW_CO_TRY(auto repositories, co_await repositories_of(tx_, delivery_, event.repository));
    for (const auto& repository : repositories) {
        MW_CO_TRY(auto ended, co_await ended_runs(tx_, repository.id, event.sha));
        for (const auto& each : ended) {
            MW_CO_TRY(auto run, co_await runs::find_run(tx_, each.run_id));
            if (!run) continue;
            auto trigger = runs::from_stored(run->trigger);
            MW_CO_CHECK(co_await make({.account_id = run->account_id,
                                       .job_id = run->job_id,
                                       .cause = "The checks were asked for once more",
                                       .cause_category = std::string(runs::kCauseCi),
                                       .overrides = trigger.overrides},
                                      fmt::format("job {}", run->job_id)));
        }
    }
    co_return result<>{};
}

Awaitable<> EventService::cancel(const Candidate& repository, std::int64_t number,
                                 std::string_view but_sha, std::string reason) {
    MW_CO_TRY(auto active, co_await active_runs(tx_, repository.id, number));
    for (const auto& run : active) {
        if (!but_sha.empty() && run.git_sha == but_sha) continue;
        MW_CO_CHECK(co_await runs::cancel_as_outdated(tx_, run.run_id, reason));
        ++tally_.cancelled;
    }
    co_return result<>{};
}

// A job that is refused a run keeps no other from theirs.
Awaitable<> EventService::make(runs::NewRun run, std::string_view job_name) {
    auto made = co_await runs::create_run(tx_, std::move(run));
    if (made) {
        ++tally_.made;
        co_return result<>{};
    }
    const auto& why = made.error();
    bool is_refusal = why.code == Errc::limit_exceeded || why.code == Errc::invalid_argument ||
                      why.code == Errc::not_found;
    if (!is_refusal) co_return fail(why);
    tally_.notes.push_back(fmt::format("{} was not run: {}", job_name, why.message));
    co_return result<>{};
}

Awaitable<bool> handle_next(pg::Connection& tx) {
    // One at a time in the whole installation, so that they are acted on as they came.
    MW_CO_TRY(bool ours, co_await take_turn(tx));
    if (!ours) co_return false;
    MW_CO_TRY(auto delivery, co_await git_hosts::lock_next_delivery(tx));
    if (!delivery) co_return false;
    auto event = git_hosts::event_of(*delivery);
    std::string outcome;
    if (event) {
        MW_CO_TRY(outcome, co_await EventService(tx, *delivery).act(std::move(*event)));
    } else {
        outcome = "not understood: " + event.error().message;
    }
    log::info("a git host's event is handled",
              {{"delivery", delivery->id}, {"event", delivery->event}, {"outcome", outcome}});
    MW_CO_CHECK(co_await git_hosts::set_handled(tx, delivery->id, std::move(outcome)));
    co_return true;
}

}  // namespace

Awaitable<int> handle_deliveries(pg::Pool& pool) {
    for (int handled = 0;; ++handled) {
        MW_CO_TRY(bool more, co_await pg::with_tx(pool, handle_next));
        if (!more) co_return handled;
    }
}

}  // namespace mw::pull_requests
