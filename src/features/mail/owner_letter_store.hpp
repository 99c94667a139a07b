// Letters to the owners of models: whom an environment's model notifications tell of a run, and of
// which nodes. An owner is that of the group which a model is in; a test is its models' owners'
// business.
#pragma once

#include "features/mail/mail_store.hpp"
#include "features/mail/run_facts.hpp"

namespace mw::mail {

// On the transaction that has read what the run left: the nodes' last states are this run's then.
Awaitable<> tell_owners(pg::Connection& tx, Id run_id);

// What the owner with this address is told of the run, as long as no later run has come to the
// nodes.
Awaitable<std::vector<TroubledNode>> nodes_of_owner(pg::Pool& pool, Id run_id, std::string address);

}  // namespace mw::mail
