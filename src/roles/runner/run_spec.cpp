#include "roles/runner/run_spec.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "base/json_reader.hpp"
#include "dbt/adapters/adapter.hpp"
#include "dbt/variable.hpp"
#include "roles/runner/git/remote.hpp"

namespace mw::runner {
namespace {

namespace json = boost::json;

void read_object(JsonReader& in, std::string_view field, json::object& out) {
    const auto* value = in.find(field);
    if (!value || value->is_null()) return;
    if (value->is_object())
        out = value->get_object();
    else
        in.error(field, "must be an object");
}

void read_text_map(JsonReader& in, std::string_view field,
                   std::map<std::string, std::string>& out) {
    json::object object;
    read_object(in, field, object);
    for (const auto& [name, value] : object) {
        if (value.is_string())
            out.insert_or_assign(std::string(name), std::string(value.get_string()));
        else
            in.error(field, fmt::format("{} must be a string", std::string_view(name)));
    }
}

void read_seconds(JsonReader& in, std::string_view field, std::chrono::seconds& out,
                  IntLimit limit) {
    std::int64_t seconds = out.count();
    in.keep(field, seconds, limit);
    out = std::chrono::seconds(seconds);
}

void read_repository(JsonReader& in, RepositorySpec& spec) {
    in.keep("managed", spec.managed);
    if (!spec.managed) in.required("remote_url", spec.remote_url);
    in.keep("git_branch", spec.git_branch);
    in.keep("git_sha", spec.git_sha);
    in.keep("dbt_project_subdirectory", spec.project_subdirectory);
    in.keep("deploy_key", spec.deploy_key);
    in.keep("id", spec.id);
    in.keep("may_be_cached", spec.may_be_cached);
    in.keep("username", spec.username);
    in.keep("password", spec.password);
}

void read_host_keys(JsonReader& in, std::vector<HostKey>& keys) {
    const auto* given = in.find("ssh_host_keys");
    if (!given || !given->is_array()) return;
    for (const auto& each : given->get_array()) {
        JsonReader item(each, "ssh_host_keys");
        HostKey key;
        item.required("hostname", key.hostname);
        item.keep("port", key.port, {1, 65535});
        item.required("key_type", key.key_type);
        item.required("public_key", key.public_key);
        // One that cannot be read is one that was never seen.
        if (item.finish()) keys.push_back(std::move(key));
    }
}

void read_profile(JsonReader& in, ProfileSpec& spec) {
    in.required("adapter", spec.adapter);
    in.keep("connection_name", spec.connection_name);
    read_object(in, "connection", spec.connection);
    read_object(in, "credentials", spec.credentials);
    in.keep("schema", spec.schema);
    in.keep("target_name", spec.target_name);
    in.keep("threads", spec.threads, {1, 1000});
    read_object(in, "extended_attributes", spec.extended_attributes);
    in.object("ssh_tunnel", [&](JsonReader& tunnel) {
        auto& to = spec.ssh_tunnel.emplace();
        tunnel.required("hostname", to.hostname);
        tunnel.keep("port", to.port, {1, 65535});
        tunnel.required("username", to.username);
        tunnel.required("private_key", to.private_key);
    });
}

void read_retry(JsonReader& in, RetrySpec& spec) {
    in.required("run_id", spec.run_id, {1, INT64_MAX});
    in.keep("step_index", spec.step_index, {1, 10'000});
    in.keep("git_sha", spec.git_sha);
    in.keep("artifacts", spec.artifacts);
}

void read_limits(JsonReader& in, cgroup::Limits& limits) {
    std::int64_t memory_mb = 0;
    std::int64_t processes = 0;
    in.keep("memory_mb", memory_mb, {0, cgroup::kMemoryMbMost});
    in.keep("cpus", limits.cpus, {0, cgroup::kCpusMost});
    in.keep("processes", processes, {0, cgroup::kProcessesMost});
    limits = cgroup::limits_of(memory_mb, limits.cpus, processes);
}

void read_deferral(JsonReader& in, DeferralSpec& spec) {
    in.required("target", spec.target);
    in.keep("run_id", spec.run_id, {1, INT64_MAX});
    in.keep("job_name", spec.job_name);
    in.keep("environment_name", spec.environment_name);
    in.keep("finished_at", spec.finished_at);
    in.keep("artifacts", spec.artifacts);
}

// An object under a secret's name (DuckDB's `secrets:`, a key file) has fields that are none, such
// as `type`; one that is given as text is looked into as well.
void add_secret_fields(const json::value& value, bool secret, std::string_view adapter,
                       Scrubber& scrubber) {
    if (value.is_object()) {
        for (const auto& [name, field] : value.get_object())
            add_secret_fields(field, dbt::is_secret_field(adapter, name), adapter, scrubber);
    } else if (value.is_array()) {
        for (const auto& entry : value.get_array())
            add_secret_fields(entry, secret, adapter, scrubber);
    } else if (secret && value.is_string()) {
        std::string_view text = value.get_string();
        scrubber.add(text);
        json::error_code error;
        if (auto inner = json::parse(text, error); !error && inner.is_object())
            add_secret_fields(inner, true, adapter, scrubber);
    }
}

}  // namespace

result<RunSpec> parse_run_spec(const json::value& value) {
    RunSpec spec;
    JsonReader in(value);
    in.required("run_id", spec.run_id, {1, INT64_MAX});
    in.keep("account_id", spec.account_id);
    in.keep("project_id", spec.project_id);
    in.keep("environment_id", spec.environment_id);
    in.keep("job_id", spec.job_id);
    in.required("dbt_version", spec.dbt_version);
    in.keep("steps", spec.steps);
    in.keep("generate_docs", spec.generate_docs);
    in.keep("run_generate_sources", spec.run_generate_sources);
    in.keep("run_lint", spec.run_lint);
    in.keep("errors_on_lint_failure", spec.errors_on_lint_failure);
    in.keep("run_compare_changes", spec.run_compare_changes);
    in.keep("compare_changes_flags", spec.compare_changes_flags);
    read_seconds(in, "timeout_seconds", spec.timeout, {0, INT32_MAX});
    read_seconds(in, "lease_seconds", spec.lease, {1, 24 * 3600});
    read_text_map(in, "environment_variables", spec.environment_variables);
    read_text_map(in, "context", spec.context);
    if (!in.has("repository")) in.error("repository", "is missing");
    if (!in.has("profile")) in.error("profile", "is missing");
    in.object("repository", [&](JsonReader& nested) { read_repository(nested, spec.repository); });
    in.object("profile", [&](JsonReader& nested) { read_profile(nested, spec.profile); });
    read_host_keys(in, spec.ssh_host_keys);
    in.object("retry", [&](JsonReader& nested) { read_retry(nested, spec.retry.emplace()); });
    in.object("limits", [&](JsonReader& limits) {
        limits.object("job", [&](JsonReader& job) { read_limits(job, spec.job_limits); });
        limits.object("account",
                      [&](JsonReader& account) { read_limits(account, spec.account_limits); });
    });
    in.object("deferral",
              [&](JsonReader& nested) { read_deferral(nested, spec.deferral.emplace()); });
    MW_CHECK(in.finish());
    return spec;
}

result<RunSpec> parse_connection_test_spec(const json::value& value) {
    RunSpec spec;
    JsonReader in(value);
    in.required("id", spec.run_id, {1, INT64_MAX});
    in.required("dbt_version", spec.dbt_version);
    read_text_map(in, "environment_variables", spec.environment_variables);
    if (!in.has("profile")) in.error("profile", "is missing");
    in.object("profile", [&](JsonReader& nested) { read_profile(nested, spec.profile); });
    read_host_keys(in, spec.ssh_host_keys);
    if (const auto* drops = in.find("drop_schemas"); drops && drops->is_array())
        for (const auto& each : drops->get_array()) {
            JsonReader entry(each, "drop_schemas");
            SchemaSpec schema;
            entry.keep("database", schema.database);
            entry.required("schema", schema.schema);
            MW_CHECK(entry.finish());
            spec.drop_schemas.push_back(std::move(schema));
        }
    MW_CHECK(in.finish());
    return spec;
}

Scrubber secrets_of(const RunSpec& spec) {
    Scrubber scrubber;
    for (const auto& [name, value] : spec.environment_variables)
        if (dbt::is_secret_variable(name)) scrubber.add(value);
    add_secret_fields(spec.profile.connection, false, spec.profile.adapter, scrubber);
    add_secret_fields(spec.profile.credentials, false, spec.profile.adapter, scrubber);
    add_secret_fields(spec.profile.extended_attributes, false, spec.profile.adapter, scrubber);
    const auto& repository = spec.repository;
    auto remote = split_remote(repository.remote_url, repository.username, repository.password);
    for (const auto& secret : remote.secrets)
        scrubber.add(secret);
    // Whatever the URL makes of it.
    if (!repository.password.empty()) scrubber.add(repository.password);
    if (!spec.repository.deploy_key.empty()) scrubber.add(spec.repository.deploy_key);
    if (spec.profile.ssh_tunnel) scrubber.add(spec.profile.ssh_tunnel->private_key);
    return scrubber;
}

}  // namespace mw::runner
