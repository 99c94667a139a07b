// Who asks for which dbt version, over all accounts: for the operator, who may not take an engine
// away that somebody relies on.
#pragma once

#include <boost/describe.hpp>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "infra/pg/pool.hpp"

namespace mw::environments {

struct EngineUse {
    std::string kind;  // "environment", "job" with a version of its own, "run" that has not ended
    Id id = 0;
    std::string name;         // empty for a run
    std::string environment;  // the name of the one that it is in, or is
    std::string project;
    std::string dbt_version;
    std::string adapter_version;  // "snowflake_v0"; empty when there is no connection

    // "snowflake"
    std::string adapter() const { return adapter_version.substr(0, adapter_version.rfind('_')); }
};
BOOST_DESCRIBE_STRUCT(EngineUse, (),
                      (kind, id, name, environment, project, dbt_version, adapter_version))

// Active environments and jobs, and runs that are queued or going on; by kind and id.
boost::asio::awaitable<result<std::vector<EngineUse>>> list_engine_uses(pg::Pool& pool);

}  // namespace mw::environments
