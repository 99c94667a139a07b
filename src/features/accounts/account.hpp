// An account, as stored.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::accounts {

struct Account {
    Id id = 0;
    std::string name;
    std::string identifier;
    std::string plan;
    int state = 1;
    int run_slots = 0;
    int queue_limit = 0;
    int run_duration_limit_seconds = 0;
    int pod_memory_request_mebibytes = 0;
    int developer_seats = 0;
    int read_only_seats = 0;
    int it_seats = 0;
    std::optional<Id> docs_job_id;
    std::optional<Id> freshness_job_id;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Account, (),
                      (id, name, identifier, plan, state, run_slots, queue_limit,
                       run_duration_limit_seconds, pod_memory_request_mebibytes, developer_seats,
                       read_only_seats, it_seats, docs_job_id, freshness_job_id, created_at,
                       updated_at))

// What each run of the account may use at most; 0: no limit. The operator's to set.
struct RunLimits {
    int memory_mb = 0;  // of MiB
    double cpus = 0;
    int processes = 0;
};
BOOST_DESCRIBE_STRUCT(RunLimits, (), (memory_mb, cpus, processes))

}  // namespace mw::accounts
