#include "features/worker_api/spec.hpp"

#include <fmt/format.h>

#include "base/described_json.hpp"
#include "features/connections/connection_store.hpp"
#include "features/credentials/credentials_store.hpp"
#include "features/repositories/repository_store.hpp"
#include "infra/crypto/sealed_json.hpp"

namespace mw::worker_api {
namespace {

using boost::json::value;

constexpr std::string_view kDefaultTarget = "default";

value or_null(const std::optional<std::string>& text) {
    return text ? value(*text) : value(nullptr);
}

// The plain fields with the sealed ones among them.
result<boost::json::object> with_secrets(boost::json::object fields,
                                         const std::optional<pg::Bytes>& sealed,
                                         const crypto::Sealer& sealer, std::string context) {
    if (!sealed) return fields;
    MW_TRY(auto secrets, crypto::open_json(sealer, sealed->data, context));
    for (auto& [name, secret] : secrets)
        fields[name] = std::move(secret);
    return fields;
}

std::string target_name_of(const SpecParts& parts, const runs::Plan& plan) {
    if (!plan.target_name.empty() && plan.target_name != kDefaultTarget) return plan.target_name;
    return parts.credentials.target_name.empty() ? std::string(kDefaultTarget)
                                                 : parts.credentials.target_name;
}

result<value> tunnel_json(const SpecParts& parts, const crypto::Sealer& sealer) {
    if (!parts.tunnel || !parts.tunnel->sealed_private_key) return nullptr;
    const auto& tunnel = *parts.tunnel;
    MW_TRY(auto key, sealer.open(tunnel.sealed_private_key->data,
                                 connections::tunnel_sealing_context(tunnel.id)));
    return boost::json::object{{"hostname", tunnel.hostname},
                               {"port", tunnel.port},
                               {"username", tunnel.username},
                               {"private_key", key.reveal()}};
}

result<boost::json::object> profile_json(const SpecParts& parts, const runs::Trigger& trigger,
                                         const crypto::Sealer& sealer) {
    MW_TRY(auto connection,
           with_secrets(parts.connection.config, parts.connection.sealed_config, sealer,
                        connections::sealing_context(parts.connection.id)));
    MW_TRY(auto credentials,
           with_secrets(parts.credentials.fields, parts.credentials.sealed_fields, sealer,
                        credentials::sealing_context(parts.credentials.id)));
    MW_TRY(auto tunnel, tunnel_json(parts, sealer));
    return boost::json::object{
        {"adapter", parts.connection.adapter()},
        {"connection_name", parts.connection.name},
        {"connection", std::move(connection)},
        {"credentials", std::move(credentials)},
        {"schema", trigger.overrides.schema_override.value_or(parts.credentials.schema)},
        {"target_name", target_name_of(parts, trigger.plan)},
        {"threads", trigger.plan.threads},
        {"extended_attributes", parts.environment.extended_attributes},
        {"ssh_tunnel", std::move(tunnel)}};
}

result<boost::json::object> repository_json(const SpecParts& parts,
                                            const runs::Overrides& overrides,
                                            const crypto::Sealer& sealer) {
    auto branch = overrides.git_branch;
    if (!branch && parts.environment.use_custom_branch) branch = parts.environment.custom_branch;
    boost::json::object json{
        {"id", parts.repository.id},
        {"may_be_cached", parts.repository_may_be_cached},
        {"managed", parts.repository.managed_name.has_value()},
        {"remote_url", parts.repository.remote_url},
        {"git_branch", or_null(branch)},
        {"git_sha", or_null(overrides.git_sha)},
        {"dbt_project_subdirectory", parts.project.dbt_project_subdirectory.value_or("")}};
    if (parts.repository.sealed_deploy_key) {
        MW_TRY(auto key, sealer.open(parts.repository.sealed_deploy_key->data,
                                     repositories::sealing_context(parts.repository.id)));
        json["deploy_key"] = key.reveal();
    }
    if (const auto& credential = parts.git_credential) {
        json["username"] = credential->username;
        json["password"] = credential->password.reveal();
        if (!credential->url.empty()) json["remote_url"] = credential->url;
    }
    return json;
}

boost::json::array host_keys_json(const SpecParts& parts) {
    boost::json::array array;
    for (const auto& key : parts.ssh_host_keys)
        array.push_back(described_to_json(key));
    return array;
}

boost::json::array paths_json(const std::vector<std::string>& paths) {
    boost::json::array array;
    for (const auto& path : paths)
        array.push_back(value(path));
    return array;
}

value deferral_json(const SpecParts& parts) {
    if (!parts.deferral) return nullptr;
    const auto& [target, run] = parts.deferral->deferral;
    boost::json::object json{{"target", target}, {"run_id", nullptr}};
    if (!run) return json;
    json["run_id"] = run->id;
    json["job_name"] = run->job_name;
    json["environment_name"] = run->environment_name;
    json["finished_at"] = run->finished_at ? value(format_rfc3339(*run->finished_at)) : value();
    json["artifacts"] = paths_json(parts.deferral->artifacts);
    return json;
}

value retry_json(const SpecParts& parts) {
    if (!parts.retry || !parts.run.retrying_run_id) return nullptr;
    // No commit: the branch as it is now may hold the fix for what failed.
    return boost::json::object{{"run_id", *parts.run.retrying_run_id},
                               {"step_index", parts.run.retry_step_index.value_or(1)},
                               {"git_sha", nullptr},
                               {"artifacts", paths_json(parts.retry->artifacts)}};
}

boost::json::object text_map_json(const std::map<std::string, std::string>& map) {
    boost::json::object object;
    for (const auto& [name, text] : map)
        object[name] = text;
    return object;
}

// Whose each is, so that the worker can say who may raise it.
boost::json::object limits_json(const SpecParts& parts, const runs::Plan& plan) {
    const auto& account = parts.account_limits;
    return {{"job",
             {{"memory_mb", plan.memory_limit_mb},
              {"cpus", plan.cpu_limit},
              {"processes", plan.process_limit}}},
            {"account",
             {{"memory_mb", account.memory_mb},
              {"cpus", account.cpus},
              {"processes", account.processes}}}};
}

std::string_view environment_type(const environments::Environment& environment) {
    if (environment.type == "development") return "dev";
    if (environment.deployment_type == "production") return "prod";
    if (environment.deployment_type == "staging") return "staging";
    return "";
}

std::string_view invocation_context(const runs::Run& run,
                                    const environments::Environment& environment) {
    if (run.is_ci) return "ci";
    if (environment.type == "development") return "dev";
    return environment.deployment_type == "staging" ? "staging" : "prod";
}

std::string_view reason_category(const runs::Trigger& trigger) {
    const auto& overrides = trigger.overrides;
    if (overrides.github_pull_request_id) return "github_pull_request";
    if (overrides.gitlab_merge_request_id) return "gitlab_merge_request";
    if (overrides.azure_pull_request_id) return "azure_pull_request";
    return trigger.cause_category == runs::kCauseScheduled ? "scheduled" : "other";
}

}  // namespace

result<std::map<std::string, std::string>> resolve_variables(const std::vector<Variable>& variables,
                                                             const crypto::Sealer& sealer) {
    std::map<std::string, const Variable*> chosen;
    for (const auto& variable : variables) {
        auto& place = chosen[variable.name];
        if (!place || variable.rank > place->rank) place = &variable;
    }
    std::map<std::string, std::string> resolved;
    for (const auto& [name, variable] : chosen) {
        if (!variable->sealed_value) {
            resolved[name] = variable->value.value_or("");
            continue;
        }
        MW_TRY(auto plain, sealer.open(variable->sealed_value->data,
                                       fmt::format("environment_variables:{}", variable->id)));
        resolved[name] = plain.reveal();
    }
    return resolved;
}

std::map<std::string, std::string> run_context(const SpecParts& parts,
                                               const runs::Trigger& trigger) {
    const auto& run = parts.run;
    std::map<std::string, std::string> context{
        {"DBT_ENV", "prod"},  // in every run, whatever its environment is
        {"DBT_CLOUD_ACCOUNT_ID", std::to_string(run.account_id)},
        {"DBT_CLOUD_PROJECT_ID", std::to_string(run.project_id)},
        {"DBT_CLOUD_ENVIRONMENT_ID", std::to_string(run.environment_id)},
        {"DBT_CLOUD_ENVIRONMENT_NAME", parts.environment.name},
        {"DBT_CLOUD_ENVIRONMENT_TYPE", std::string(environment_type(parts.environment))},
        {"DBT_CLOUD_INVOCATION_CONTEXT", std::string(invocation_context(run, parts.environment))},
        {"DBT_CLOUD_JOB_ID", std::to_string(run.job_id)},
        {"DBT_CLOUD_RUN_ID", std::to_string(run.id)},
        {"DBT_CLOUD_RUN_REASON", trigger.cause},
        {"DBT_CLOUD_RUN_REASON_CATEGORY", std::string(reason_category(trigger))}};
    if (auto id = trigger.overrides.pull_request_id())
        context["DBT_CLOUD_PR_ID"] = std::to_string(*id);
    return context;
}

result<boost::json::object> assemble_connection_spec(const SpecParts& parts,
                                                     const crypto::Sealer& sealer) {
    MW_TRY(auto profile, profile_json(parts, runs::Trigger{}, sealer));
    MW_TRY(auto variables, resolve_variables(parts.variables, sealer));
    return boost::json::object{{"dbt_version", parts.environment.dbt_version},
                               {"profile", std::move(profile)},
                               {"ssh_host_keys", host_keys_json(parts)},
                               {"environment_variables", text_map_json(variables)}};
}

result<boost::json::object> assemble_spec(const SpecParts& parts, const crypto::Sealer& sealer) {
    auto trigger = runs::from_stored(parts.run.trigger);
    MW_TRY(auto profile, profile_json(parts, trigger, sealer));
    MW_TRY(auto variables, resolve_variables(parts.variables, sealer));
    MW_TRY(auto repository, repository_json(parts, trigger.overrides, sealer));
    boost::json::array steps;
    for (const auto& step : trigger.plan.steps)
        steps.push_back(value(step));
    return boost::json::object{{"run_id", parts.run.id},
                               {"account_id", parts.run.account_id},
                               {"project_id", parts.run.project_id},
                               {"environment_id", parts.run.environment_id},
                               {"job_id", parts.run.job_id},
                               {"job_name", parts.job_name},
                               {"project_name", parts.project.name},
                               {"environment_name", parts.environment.name},
                               {"dbt_version", parts.run.dbt_version},
                               {"repository", std::move(repository)},
                               {"profile", std::move(profile)},
                               {"ssh_host_keys", host_keys_json(parts)},
                               {"steps", std::move(steps)},
                               {"generate_docs", trigger.plan.generate_docs},
                               {"run_generate_sources", trigger.plan.run_generate_sources},
                               {"run_lint", trigger.plan.run_lint},
                               {"errors_on_lint_failure", trigger.plan.errors_on_lint_failure},
                               {"run_compare_changes", trigger.plan.run_compare_changes},
                               {"compare_changes_flags", trigger.plan.compare_changes_flags},
                               {"timeout_seconds", trigger.plan.timeout_seconds},
                               {"limits", limits_json(parts, trigger.plan)},
                               {"environment_variables", text_map_json(variables)},
                               {"context", text_map_json(run_context(parts, trigger))},
                               {"retry", retry_json(parts)},
                               {"deferral", deferral_json(parts)},
                               {"lease_seconds", parts.lease.count()}};
}

}  // namespace mw::worker_api
