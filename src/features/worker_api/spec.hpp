// A run's specification for its worker, put together from what the database holds. Pure.
//
// It holds secrets in the clear: it goes to the one worker that has the run's token, and is
// never logged or stored.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "features/accounts/account.hpp"
#include "features/connections/connection.hpp"
#include "features/connections/encryption.hpp"
#include "features/credentials/credentials.hpp"
#include "features/environments/environment.hpp"
#include "features/git_hosts/git_hosts.hpp"
#include "features/projects/project.hpp"
#include "features/repositories/repository.hpp"
#include "features/runs/deferral.hpp"
#include "features/runs/run.hpp"
#include "features/runs/run_trigger.hpp"
#include "features/ssh_host_keys/host_key_store.hpp"
#include "infra/crypto/sealed.hpp"

namespace mw::worker_api {

// A value of an environment variable at one of its places.
struct Variable {
    Id id = 0;
    std::string name;
    std::optional<std::string> value;
    std::optional<pg::Bytes> sealed_value;
    int rank = 0;  // project 0, environment 1, job 2: the highest wins
};
BOOST_DESCRIBE_STRUCT(Variable, (), (id, name, value, sealed_value, rank))

// What a retry takes from the run that failed.
struct RetrySource {
    int failed_step = 0;
    std::vector<std::string> artifacts;
};

// What a run compares with and defers to, and the files of it that there are.
struct DeferralSource {
    runs::Deferral deferral;
    std::vector<std::string> artifacts;
};

struct SpecParts {
    runs::Run run;
    std::string job_name;
    projects::Project project;
    environments::Environment environment;
    repositories::Repository repository;
    bool repository_may_be_cached = true;
    std::optional<git_hosts::GitCredential> git_credential;  // from the repository's git host
    connections::Connection connection;
    std::optional<connections::Encryption> tunnel;  // if the connection goes through one
    credentials::Credentials credentials;
    std::vector<ssh_host_keys::SeenKey> ssh_host_keys;  // of the account
    std::vector<Variable> variables;
    std::optional<RetrySource> retry;
    accounts::RunLimits account_limits;
    std::optional<DeferralSource> deferral;
    std::chrono::seconds lease{30};
};

// Errors: internal when a sealed value can't be opened.
result<boost::json::object> assemble_spec(const SpecParts& parts, const crypto::Sealer& sealer);

// What a test of the environment's connection needs of it: engine, profile, variables. Of the parts
// it looks at environment, connection, credentials and variables.
result<boost::json::object> assemble_connection_spec(const SpecParts& parts,
                                                     const crypto::Sealer& sealer);

// By precedence, secrets opened.
result<std::map<std::string, std::string>> resolve_variables(const std::vector<Variable>& variables,
                                                             const crypto::Sealer& sealer);

// DBT_CLOUD_* and DBT_ENV, but for what only the checkout tells.
std::map<std::string, std::string> run_context(const SpecParts& parts,
                                               const runs::Trigger& trigger);

}  // namespace mw::worker_api
