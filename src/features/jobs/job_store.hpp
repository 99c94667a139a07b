// Jobs in the database.
#pragma once

#include <optional>

#include "api/list_query.hpp"
#include "features/jobs/job.hpp"
#include "infra/pg/pool.hpp"

namespace mw::jobs {

namespace asio = boost::asio;

const api::ListSpec& job_list();

// Active or deleted: the caller looks at `state`.
asio::awaitable<result<std::optional<Job>>> find_job(pg::Connection& connection, Id account_id,
                                                     Id id);
// The same, holding the row until the transaction ends.
asio::awaitable<result<std::optional<Job>>> lock_job(pg::Connection& connection, Id account_id,
                                                     Id id);

// The same, keeping it from being changed or deleted until the transaction ends; many may hold it.
asio::awaitable<result<std::optional<Job>>> hold_job(pg::Connection& connection, Id account_id,
                                                     Id id);

// Those that the job sets for itself.
asio::awaitable<result<std::vector<JobVariable>>> find_job_variables(pg::Pool& pool, Id account_id,
                                                                     Id job_id);

asio::awaitable<result<Job>> insert_job(pg::Connection& connection, const Job& job);
// Writes every changeable column of `job` by its id, and wakes the scheduler.
asio::awaitable<result<Job>> update_job(pg::Connection& connection, const Job& job);

// Held until the transaction ends: who runs after whom changes by one at a time in an account.
asio::awaitable<result<>> lock_completions(pg::Connection& tx, Id account_id);
struct ChainLink {
    Id id = 0;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(ChainLink, (), (id, name))
// A job, the one that it runs after, the one that that runs after, and so on; each once.
asio::awaitable<result<std::vector<ChainLink>>> chain_before(pg::Connection& tx, Id account_id,
                                                             Id job_id);

}  // namespace mw::jobs
