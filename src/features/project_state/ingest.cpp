#include "features/project_state/ingest.hpp"

#include <algorithm>
#include <span>

#include "base/log.hpp"
#include "features/mail/owner_letter_store.hpp"
#include "features/project_state/run_files.hpp"
#include "features/project_state/state_store.hpp"

namespace mw::project_state {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr int kAttemptsMax = 20;
constexpr std::size_t kNodesAtOnce = 1000;  // in a statement
// What the planner learns of smaller changes by itself is soon enough.
constexpr std::size_t kManyNodes = 1000;

// How many were new or changed.
Awaitable<std::size_t> define(pg::Connection& tx, const TakenRun& run, Prepared& prepared) {
    MW_CO_TRY(auto left, co_await defined_digests(tx, run.environment_id));
    std::vector<DefinedNode> changed;
    for (auto& node : prepared.nodes) {
        auto known = left.find(node.unique_id);
        bool same = known != left.end() && known->second == node.digest;
        if (known != left.end()) left.erase(known);
        if (!same) changed.push_back(std::move(node));
    }
    for (std::span rest(changed); !rest.empty();) {
        auto some = rest.first(std::min(rest.size(), kNodesAtOnce));
        MW_CO_CHECK(co_await define_nodes(tx, run.environment_id, some));
        rest = rest.subspan(some.size());
    }
    std::vector<std::string> gone;
    for (const auto& [unique_id, digest] : left)
        gone.push_back(unique_id);
    MW_CO_CHECK(co_await remove_nodes(tx, run.environment_id, gone));
    MW_CO_CHECK(co_await set_state(tx, run, prepared.state));
    co_return changed.size();
}

// How many nodes were new or changed.
Awaitable<std::size_t> write_state(pg::Connection& tx, const TakenRun& run, Prepared& prepared) {
    MW_CO_CHECK(co_await expect_many_nodes(tx));
    std::size_t changed = 0;
    for (const auto& results : prepared.results)
        MW_CO_CHECK(co_await history::record_results(tx, run.run_id, results));
    // What a pull request builds is not the environment's.
    if (!run.is_ci) {
        MW_CO_TRY(auto known_of, co_await lock_state(tx, run.environment_id));
        // Of a run that is read after a later one, only what nothing later says.
        if (prepared.state.generated_at >= known_of) {
            MW_CO_TRY(changed, co_await define(tx, run, prepared));
        }
        for (const auto& executions : prepared.executions)
            MW_CO_CHECK(co_await record_executions(tx, run, executions));
        for (const auto& seen : prepared.freshness)
            MW_CO_CHECK(co_await record_freshness(tx, run, seen));
        for (const auto& seen : prepared.catalogs)
            MW_CO_CHECK(co_await record_catalog(tx, run, seen));
        MW_CO_CHECK(co_await remove_unused_facts(tx, run.environment_id));
        MW_CO_CHECK(co_await mail::tell_owners(tx, run.run_id));
    }
    MW_CO_CHECK(co_await end_ingestion(tx, run.run_id));
    co_return changed;
}

Awaitable<> ingest(pg::Pool& pool, store::ObjectStore& objects, BlockingPool& blocking,
                   const TakenRun& run) {
    MW_CO_TRY(auto files, co_await read_files(pool, objects, run.account_id, run.run_id,
                                              run.is_ci ? Wanted::results : Wanted::all));
    MW_CO_TRY(auto prepared, co_await offload(blocking, [&files] { return prepare(files); }));
    auto write = [&](pg::Connection& tx) { return write_state(tx, run, prepared); };
    MW_CO_TRY(auto changed, co_await pg::with_tx(pool, write));
    if (changed < kManyNodes) co_return result<>{};
    // The run is read all the same.
    if (auto looked = co_await look_at_many_nodes(pool); !looked)
        log::warn("the database could not look at a project's new nodes; it will by itself",
                  {{"detail", looked.error().detail}});
    co_return result<>{};
}

bool may_pass(const Error& error) {
    return error.code != Errc::upstream_failed && error.code != Errc::not_found &&
           error.code != Errc::invalid_argument && error.code != Errc::limit_exceeded;
}

}  // namespace

Awaitable<bool> ingest_next(pg::Pool& pool, store::ObjectStore& objects, BlockingPool& blocking) {
    MW_CO_TRY(auto run, co_await take_run(pool));
    if (!run) co_return false;
    auto done = co_await ingest(pool, objects, blocking, *run);
    if (done) co_return true;
    bool again = may_pass(done.error()) && run->attempts < kAttemptsMax;
    log::warn("a run's artifacts could not be read into the state of its environment",
              {{"run_id", run->run_id},
               {"again", again},
               {"error", done.error().message},
               {"detail", done.error().detail}});
    if (again) {
        auto pause = std::min<std::chrono::seconds>(10s * run->attempts, 10min);
        MW_CO_CHECK(co_await ingest_again(pool, run->run_id, pause));
        co_return true;
    }
    MW_CO_TRY(auto connection, co_await pool.acquire());
    MW_CO_CHECK(co_await end_ingestion(*connection, run->run_id));
    co_return true;
}

}  // namespace mw::project_state
