// Letters about runs: to whom, and what is known of the run.
#pragma once

#include "features/mail/mail_store.hpp"
#include "features/mail/run_facts.hpp"

namespace mw::mail {

// A letter to everybody whom the account's notifications name for this end of the job's runs; on
// the transaction that ends the run, after the change. `status`: the run's, by its number.
Awaitable<> tell_of_end(pg::Connection& tx, Id account_id, Id job_id, Id run_id, int status);

// None: the run has been removed.
Awaitable<std::optional<RunReport>> report_of_run(pg::Pool& pool, Id run_id);

// Ends the notification whose letters have this key in their link; the address, if there is one.
Awaitable<std::optional<std::string>> unsubscribe(pg::Connection& tx, std::string key);

}  // namespace mw::mail
