#include "features/project_state/ingest.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "features/project_state/run_files.hpp"
#include "features/project_state/state_store.hpp"

namespace mw::project_state {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr int kAttemptsMax = 20;
// Each in a statement of its own.
constexpr std::size_t kNodesAtOnce = 200;

Awaitable<> define(pg::Connection& tx, const TakenRun& run, Prepared& prepared) {
    MW_CO_TRY(auto left, co_await defined_digests(tx, run.environment_id));
    json::array changed;
    for (auto& node : prepared.nodes) {
        auto known = left.find(node.unique_id);
        bool same = known != left.end() && known->second == node.digest;
        if (known != left.end()) left.erase(known);
        if (same) continue;
        changed.push_back(std::move(node.row));
        if (changed.size() < kNodesAtOnce) continue;
        MW_CO_CHECK(co_await define_nodes(tx, run.environment_id, changed));
        changed.clear();
    }
    if (!changed.empty()) MW_CO_CHECK(co_await define_nodes(tx, run.environment_id, changed));
    std::vector<std::string> gone;
    for (const auto& [unique_id, digest] : left)
        gone.push_back(unique_id);
    MW_CO_CHECK(co_await remove_nodes(tx, run.environment_id, gone));
    co_return co_await set_state(tx, run, prepared.state);
}

Awaitable<> write_state(pg::Connection& tx, const TakenRun& run, Prepared& prepared) {
    for (const auto& results : prepared.results)
        MW_CO_CHECK(co_await history::record_results(tx, run.run_id, results));
    // What a pull request builds is not the environment's.
    if (run.is_ci) co_return co_await end_ingestion(tx, run.run_id);
    MW_CO_TRY(auto known_of, co_await lock_state(tx, run.environment_id));
    // Of a run that is read after a later one, only what nothing later says.
    if (prepared.state.generated_at >= known_of) MW_CO_CHECK(co_await define(tx, run, prepared));
    for (const auto& executions : prepared.executions)
        MW_CO_CHECK(co_await record_executions(tx, run, executions));
    for (const auto& seen : prepared.freshness)
        MW_CO_CHECK(co_await record_freshness(tx, run, seen));
    for (const auto& seen : prepared.catalogs)
        MW_CO_CHECK(co_await record_catalog(tx, run, seen));
    MW_CO_CHECK(co_await remove_unused_facts(tx, run.environment_id));
    co_return co_await end_ingestion(tx, run.run_id);
}

Awaitable<> ingest(pg::Pool& pool, store::ObjectStore& objects, BlockingPool& blocking,
                   const TakenRun& run) {
    MW_CO_TRY(auto files, co_await read_files(pool, objects, run.account_id, run.run_id,
                                              run.is_ci ? Wanted::results : Wanted::all));
    MW_CO_TRY(auto prepared, co_await offload(blocking, [&files] { return prepare(files); }));
    auto write = [&](pg::Connection& tx) { return write_state(tx, run, prepared); };
    co_return co_await pg::with_tx(pool, write);
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
