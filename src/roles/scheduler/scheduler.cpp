#include "roles/scheduler/scheduler.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>

#include "base/log.hpp"
#include "base/offload.hpp"
#include "base/readiness.hpp"
#include "executor/process/process_executor.hpp"
#include "features/git_hosts/delivery_store.hpp"
#include "features/project_state/ingest.hpp"
#include "features/pull_requests/event_service.hpp"
#include "features/runs/run_count_store.hpp"
#include "roles/scheduler/janitor.hpp"
#include "roles/scheduler/lease_loop.hpp"
#include "roles/scheduler/loop.hpp"
#include "roles/scheduler/mirror_care.hpp"
#include "roles/scheduler/queue_loop.hpp"
#include "roles/scheduler/schedule_loop.hpp"
#include "roles/scheduler/warm_hosts.hpp"

namespace mw::scheduler {
namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;
using namespace std::chrono_literals;

// A connection for each loop, and some for what they do side by side.
constexpr std::size_t kDatabaseConnections = 8;
// A pass looks at all that is queued. While hundreds of runs a second come in, it need not do so
// for each; where the queue is short, it takes some milliseconds, and so does this.
constexpr Loop::Rest kQueueRest{.times = 2, .most = 100ms};
// How soon what has changed is added to the counts of runs: while there is much of it, and else.
constexpr std::chrono::milliseconds kFoldSoon = 1s;
constexpr std::chrono::milliseconds kFoldPoll = 5s;
// For runs whose reading is to be tried again.
constexpr std::chrono::milliseconds kIngestionPoll = 15s;
// Within these a stop is over: passes end, workers end, their ends are written down.
constexpr auto kWorkersStop = 6s;
constexpr auto kAllStop = 7500ms;

// Everything that lives as long as the scheduler, in the order in which it is built.
class Scheduler {
  public:
    Scheduler(asio::io_context& ioc, const Settings& settings, const Layout& layout,
              Options options, store::ObjectStore& objects, BlockingPool& blocking)
        : options_(std::move(options)),
          signals_(ioc, SIGTERM, SIGINT),
          pool_(ioc.get_executor(), layout.database_conninfo, kDatabaseConnections),
          workers_(ioc.get_executor(), blocking,
                   {.program = layout.program,
                    .environment = executor::worker_environment(settings, layout),
                    .records_dir = layout.run_dir / "workers",
                    .workspaces_dir = layout.workspaces_dir,
                    .groups = cgroup::read_tree(layout.limits_file).value_or(cgroup::Tree{}),
                    .on_ended = [this] { queue_loop_.wake(); }}),
          queue_(pool_, workers_, options_),
          schedules_(pool_, options_),
          leases_(pool_, workers_, options_, layout.internal_socket),
          janitor_(pool_, objects, workers_, options_),
          warm_hosts_(ioc.get_executor(), blocking, layout,
                      {.most = options_.warm_hosts, .merge_memory = options_.merge_memory},
                      [this] { warm_loop_.wake(); }),
          mirror_care_(ioc.get_executor(), pool_, options_.repository_cache_dir),
          queue_loop_(
              ioc.get_executor(), "queue", failures_, [this] { return queue_.pass(); }, kQueueRest),
          schedule_loop_(ioc.get_executor(), "schedules", failures_,
                         [this] { return schedules_.pass(); }),
          lease_loop_(ioc.get_executor(), "leases", failures_, [this] { return leases_.pass(); }),
          janitor_loop_(ioc.get_executor(), "janitor", failures_,
                        [this] { return janitor_.pass(); }),
          ingestion_loop_(ioc.get_executor(), "ingestion", failures_,
                          [this, &objects, &blocking] { return ingest(objects, blocking); }),
          git_event_loop_(ioc.get_executor(), "git events", failures_,
                          [this] { return handle_git_events(); }),
          count_loop_(ioc.get_executor(), "run counts", failures_, [this] { return count(); }),
          mirror_loop_(ioc.get_executor(), "cached repositories", failures_,
                       [this] { return mirror_care_.pass(); }),
          warm_loop_(ioc.get_executor(), "warm hosts", failures_,
                     [this] { return warm_hosts_.pass(); }),
          listener_(
              pool_,
              {"run_queue", "run_cancel", "job_schedule", "ingestion",
               git_hosts::kDeliveriesChannel},
              [this](const pg::Notification& notification) { notified(notification); },
              [this] {
                  // What was missed in between is in the tables.
                  queue_loop_.wake();
                  schedule_loop_.wake();
                  ingestion_loop_.wake();
                  git_event_loop_.wake();
              }) {}

    // Returns when the scheduler was told to stop and has stopped; false when it could not end
    // everything in time.
    asio::awaitable<bool> run() {
        workers_.adopt();
        for (auto* loop : loops())
            loop->start();
        asio::co_spawn(signals_.get_executor(), listener_.run(), asio::detached);
        announce_ready();
        log::info("scheduling", {{"worker", options_.worker}, {"max_runs", options_.max_runs}});
        co_await signals_.async_wait(asio::use_awaitable);
        log::info("stopping");
        asio::steady_timer limit(signals_.get_executor(), kAllStop);
        auto first = co_await (stop() || limit.async_wait(asio::use_awaitable) || hurry());
        co_return first.index() == 0;
    }

  private:
    std::vector<Loop*> loops() {
        return {&queue_loop_,     &schedule_loop_, &lease_loop_,  &janitor_loop_, &ingestion_loop_,
                &git_event_loop_, &count_loop_,    &mirror_loop_, &warm_loop_};
    }

    // One run a pass: a stop waits for no more.
    asio::awaitable<result<std::chrono::milliseconds>> ingest(store::ObjectStore& objects,
                                                              BlockingPool& blocking) {
        MW_CO_TRY(auto more, co_await project_state::ingest_next(pool_, objects, blocking));
        co_return more ? 0ms : kIngestionPoll;
    }

    asio::awaitable<result<std::chrono::milliseconds>> handle_git_events() {
        MW_CO_CHECK(co_await pull_requests::handle_deliveries(pool_));
        co_return options_.poll;
    }

    asio::awaitable<result<std::chrono::milliseconds>> count() {
        MW_CO_TRY(auto folded, co_await runs::fold_run_counts(pool_));
        if (folded == runs::kFoldMost) co_return 0ms;
        co_return folded > 0 ? kFoldSoon : kFoldPoll;
    }

    void notified(const pg::Notification& notification) {
        if (notification.channel == "run_queue") queue_loop_.wake();
        if (notification.channel == "job_schedule") schedule_loop_.wake();
        if (notification.channel == "ingestion") ingestion_loop_.wake();
        if (notification.channel == git_hosts::kDeliveriesChannel) git_event_loop_.wake();
        if (notification.channel != "run_cancel") return;
        // The worker asks the app at once what a signal means; without one it would learn of
        // the cancel with its next heartbeat.
        if (auto run_id = parse_id(notification.payload))
            workers_.cancel({executor::Kind::run, *run_id}, queue::kCancelGrace);
    }

    asio::awaitable<void> stop() {
        queue_.stopping();
        mirror_care_.stop();
        co_await workers_.cancel_all(kWorkersStop);
        for (auto* loop : loops())
            co_await loop->stop();
        // One that a pass had been about to start.
        co_await workers_.cancel_all(0ms);
        warm_hosts_.stop();
        if (auto settled = co_await queue_.settle_ended(); !settled)
            log::warn("how workers ended could not be written down",
                      {{"detail", settled.error().detail}});
        log::info("stopped");
    }

    // At a second signal what still runs is killed. Never returns.
    asio::awaitable<void> hurry() {
        for (;;) {
            co_await signals_.async_wait(asio::use_awaitable);
            for (const auto& running : workers_.list())
                workers_.cancel(running.work, 0ms);
        }
    }

    Options options_;
    asio::signal_set signals_;
    FailureLog failures_;
    pg::Pool pool_;
    executor::ProcessExecutor workers_;
    QueueLoop queue_;
    ScheduleLoop schedules_;
    LeaseLoop leases_;
    Janitor janitor_;
    WarmHosts warm_hosts_;
    MirrorCare mirror_care_;
    Loop queue_loop_;
    Loop schedule_loop_;
    Loop lease_loop_;
    Loop janitor_loop_;
    Loop ingestion_loop_;
    Loop git_event_loop_;
    Loop count_loop_;
    Loop mirror_loop_;
    Loop warm_loop_;
    pg::Listener listener_;
};

int refuse(std::string_view what, const Error& error) {
    log::error(what, {{"error", error.message}, {"detail", error.detail}});
    return 1;
}

}  // namespace

int run_scheduler(const Settings& settings, const Layout& layout) {
    log::configure("scheduler", log::parse_level(settings.get("LOG_LEVEL")));
    auto options = Options::from(settings, layout);
    if (!options) return refuse("cannot start", options.error());
    asio::io_context ioc{1};
    BlockingPool blocking({.threads = 2});
    auto objects = store::make_object_store(layout.object_store, blocking);
    if (!objects) return refuse("cannot open the object store", objects.error());

    Scheduler scheduler(ioc, settings, layout, std::move(*options), **objects, blocking);
    bool in_order = false;
    asio::co_spawn(ioc, scheduler.run(), [&](std::exception_ptr thrown, bool outcome) {
        if (thrown) std::rethrow_exception(thrown);
        in_order = outcome;
        ioc.stop();
    });
    ioc.run();
    if (in_order) return 0;
    // Something still waits in here, for a database that does not answer, say. What it holds
    // can't be taken apart safely, and need not be: leases and records outlive the process.
    log::warn("stopped before everything had come to its end");
    std::_Exit(0);
}

}  // namespace mw::scheduler
