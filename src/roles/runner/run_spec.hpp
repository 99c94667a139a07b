// What a run is to do, as the workers' API hands it out (GET /internal/v1/run/spec).
//
// Errors: a missing or mistyped field is `invalid_argument` and names it. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "infra/cgroup/limits.hpp"
#include "roles/runner/report/scrubber.hpp"

namespace mw::runner {

struct RepositorySpec {
    std::string remote_url;
    std::string git_branch;  // empty: what the remote's HEAD names
    std::string git_sha;     // empty: the tip of the branch
    std::string project_subdirectory;
    std::string deploy_key = {};  // of ssh; empty: there is none
    bool managed = false;         // kept by Millwright: fetched from the workers' API, by no URL
    Id id = 0;
    bool may_be_cached = false;  // the account's word
    std::string username = {};   // for https, with the password; apart from the URL
    std::string password = {};
};

// What an SSH host must show, because it did before.
struct HostKey {
    std::string hostname;
    int port = 22;
    std::string key_type;
    std::string public_key;  // base64
    friend bool operator==(const HostKey&, const HostKey&) = default;
};

// The host over which a warehouse is reached.
struct TunnelSpec {
    std::string hostname;
    int port = 22;
    std::string username;
    std::string private_key;
};

struct ProfileSpec {
    std::string adapter;  // "duckdb", "postgres"
    std::string connection_name;
    boost::json::object connection;
    boost::json::object credentials;
    std::string schema;
    std::string target_name = "default";
    int threads = 4;
    boost::json::object extended_attributes;
    std::optional<TunnelSpec> ssh_tunnel = {};
};

// Carry on where an earlier run of the same job failed.
struct RetrySpec {
    Id run_id = 0;
    int step_index = 0;  // the step that failed there
    std::string git_sha;
    std::vector<std::string> artifacts;
};

// Compare with what an earlier run left, and defer to what it has built.
struct DeferralSpec {
    std::string target;  // whose run: "environment Production", "this job"
    Id run_id = 0;       // 0: there is none yet
    std::string job_name;
    std::string environment_name;
    std::string finished_at;
    std::vector<std::string> artifacts;
};

struct SchemaSpec {
    std::string database;  // empty: the connection's own
    std::string schema;
};

struct RunSpec {
    Id run_id = 0;
    Id account_id = 0;
    Id project_id = 0;
    Id environment_id = 0;
    Id job_id = 0;
    std::string dbt_version;
    RepositorySpec repository;
    std::vector<HostKey> ssh_host_keys;
    ProfileSpec profile;
    std::vector<std::string> steps;  // as the user wrote them: "dbt build"
    bool generate_docs = false;
    bool run_generate_sources = false;
    bool run_lint = false;
    bool errors_on_lint_failure = true;
    bool run_compare_changes = false;
    std::string compare_changes_flags;  // of `dbt ls`: which models are compared
    std::chrono::seconds timeout{0};    // 0: none
    cgroup::Limits job_limits;
    cgroup::Limits account_limits;
    std::map<std::string, std::string> environment_variables;
    std::map<std::string, std::string> context;  // DBT_CLOUD_*
    std::optional<RetrySpec> retry;
    std::optional<DeferralSpec> deferral;
    std::chrono::seconds lease{30};
    std::vector<SchemaSpec> drop_schemas;  // all that an errand to drop schemas does

    // dbt Cloud gives the variable to a pull request's runs alone.
    bool is_pull_request() const { return context.contains("DBT_CLOUD_PR_ID"); }
};

result<RunSpec> parse_run_spec(const boost::json::value& json);

// Of a connection test (GET /internal/v1/connection-test/spec): `run_id` is the test's id, and
// there are engine, profile and variables alone.
result<RunSpec> parse_connection_test_spec(const boost::json::value& json);

// Everything in it that no log may show: DBT_ENV_SECRET*, secret fields of the connection, the
// credentials and the extended attributes, a password inside the repository's URL.
Scrubber secrets_of(const RunSpec& spec);

}  // namespace mw::runner
