// What a run compares with and defers to. Pure.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::runs {

struct DeferredRun {
    Id id = 0;
    std::string job_name;
    std::string environment_name;
    std::optional<Timestamp> finished_at;
};
BOOST_DESCRIBE_STRUCT(DeferredRun, (), (id, job_name, environment_name, finished_at))

struct Deferral {
    std::string target;              // "environment Production", "job Nightly", "this job"
    std::optional<DeferredRun> run;  // empty: there is none yet
};

}  // namespace mw::runs
