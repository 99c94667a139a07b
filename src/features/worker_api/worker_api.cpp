#include "features/worker_api/worker_api.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/json_reader.hpp"
#include "base/log.hpp"
#include "features/artifacts/artifact_reply.hpp"
#include "features/artifacts/artifact_store.hpp"
#include "features/projects/project_store.hpp"
#include "features/pull_request_schemas/schema_store.hpp"
#include "features/run_log/log_store.hpp"
#include "features/runs/deferral_store.hpp"
#include "features/runs/node_store.hpp"
#include "features/runs/run_service.hpp"
#include "features/worker_api/granted.hpp"
#include "features/worker_api/run_token.hpp"
#include "features/worker_api/spec_store.hpp"
#include "features/worker_api/worker_input.hpp"
#include "infra/zstd/pack.hpp"

namespace mw::worker_api {
namespace {

using Reply = asio::awaitable<result<http::Response>>;

constexpr std::uint64_t kJsonBytesMax = 32ULL * 1024 * 1024;
constexpr std::uint64_t kArtifactBytesMax = 1024ULL * 1024 * 1024;

// The worker kills its children and exits when it hears this.
std::unexpected<Error> lost() {
    return fail(Errc::lease_lost, "The run is over, or it is no longer this worker's.");
}

http::Response answer(const Lease& lease) {
    boost::json::object body{{"cancel", lease.cancel}};
    if (lease.cancel) body["reason"] = lease.cancel_reason.value_or("This run was cancelled.");
    return http::Response::json(200, body);
}

result<int> step_of(const http::Request& request) {
    auto text = request.query_value("step").value_or("");
    int step = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
    if (error != std::errc{} || end != text.data() + text.size() || step < 1 || step > 10'000)
        return fail_field("step", "must be the index of a step, counted from 1");
    return step;
}

result<Id> run_id_of(http::Request& request) {
    const auto& text = request.path_params["run_id"];
    Id id = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || id < 1)
        return fail_field("run_id", "must be the id of a run");
    return id;
}

// A git host that refuses, or does not know the repository, does so until somebody has seen to it.
bool is_for_people(const Error& error) {
    return error.code == Errc::forbidden || error.code == Errc::unauthenticated ||
           error.code == Errc::invalid_argument;
}

class WorkerApi {
  public:
    explicit WorkerApi(WorkerApiDeps deps) : deps_(deps) {}

    Reply spec(http::Request& request);
    Reply heartbeat(http::Request& request);
    Reply steps(http::Request& request);
    Reply progress(http::Request& request);
    Reply host_keys(http::Request& request);
    Reply git_credential(http::Request& request);
    Awaitable<std::optional<Id>> repository_of_run(Id run_id);
    Reply logs(http::Request& request);
    Reply put_artifact(http::Request& request);
    Reply put_pack(http::Request& request);
    Reply finish(http::Request& request);
    Reply other_artifact(http::Request& request);

  private:
    Awaitable<Lease> authenticate(http::Request& request);
    Reply record(const std::string& token_hash, const std::vector<artifacts::Artifact>& stored);
    Awaitable<> grant_deferral(const runs::Run& run, const std::optional<DeferralSource>& source);
    Awaitable<> end_hopeless(Id run_id, Error error);
    template <class Change>
    Reply change_run(http::Request& request, Change change);

    WorkerApiDeps deps_;
};

Awaitable<Lease> WorkerApi::authenticate(http::Request& request) {
    MW_CO_TRY(auto hash, token_hash_of(request));
    MW_CO_TRY(auto connection, co_await deps_.pool.acquire());
    MW_CO_TRY(auto lease, co_await find_lease(*connection, hash));
    if (!lease) co_return lost();
    co_return std::move(*lease);
}

Reply WorkerApi::spec(http::Request& request) {
    MW_CO_TRY(auto lease, co_await authenticate(request));
    auto parts = co_await load_spec_parts(deps_.pool, lease.run_id, deps_.lease);
    if (!parts && parts.error().code == Errc::invalid_argument) {
        MW_CO_CHECK(co_await end_hopeless(lease.run_id, std::move(parts).error()));
        co_return lost();
    }
    if (!parts) co_return fail(std::move(parts).error());
    if (deps_.git_hosts) {
        auto credential = co_await deps_.git_hosts->credential_for(parts->repository.id);
        if (!credential && is_for_people(credential.error())) {
            MW_CO_CHECK(co_await end_hopeless(lease.run_id, std::move(credential).error()));
            co_return lost();
        }
        MW_CO_TRY(parts->git_credential, std::move(credential));
    }
    MW_CO_CHECK(co_await grant_deferral(parts->run, parts->deferral));
    MW_CO_TRY(auto spec, assemble_spec(*parts, deps_.sealer));
    auto response = http::Response::json(200, spec);
    response.headers["cache-control"] = "no-store";
    co_return response;
}

// Before the worker hears of it: it may ask for the files at once.
Awaitable<> WorkerApi::grant_deferral(const runs::Run& run,
                                      const std::optional<DeferralSource>& source) {
    std::optional<Id> deferred;
    if (source && source->deferral.run) deferred = source->deferral.run->id;
    if (deferred == run.deferring_run_id) co_return result<>{};
    MW_CO_TRY(auto connection, co_await deps_.pool.acquire());
    co_return co_await runs::set_deferring_run(*connection, run.id, deferred);
}

// What a person must set up will not be there at the next try either: the run says so and ends.
Awaitable<> WorkerApi::end_hopeless(Id run_id, Error error) {
    log::info("run ended before its first step", {{"run_id", run_id}, {"reason", error.message}});
    auto end = [&](pg::Connection& tx) {
        return runs::finish_run(tx, run_id, runs::Status::error, error.message);
    };
    MW_CO_CHECK(co_await pg::with_tx(deps_.pool, end));
    co_return result<>{};
}

Reply WorkerApi::heartbeat(http::Request& request) {
    MW_CO_TRY(auto hash, token_hash_of(request));
    MW_CO_TRY(auto connection, co_await deps_.pool.acquire());
    MW_CO_TRY(auto lease, co_await renew_lease(*connection, hash, deps_.lease));
    if (!lease) co_return lost();
    co_return answer(*lease);
}

// Locks the run, then its lease (the order of everyone), and lets `change(tx, run)` work.
template <class Change>
Reply WorkerApi::change_run(http::Request& request, Change change) {
    MW_CO_TRY(auto hash, token_hash_of(request));
    auto work = [&](pg::Connection& tx) -> Awaitable<Lease> {
        MW_CO_TRY(auto found, co_await find_lease(tx, hash));
        if (!found) co_return lost();
        MW_CO_TRY(auto run, co_await runs::lock_run(tx, found->run_id));
        MW_CO_TRY(auto lease, co_await lock_lease(tx, hash));
        if (!run || !lease) co_return lost();
        MW_CO_CHECK(co_await change(tx, *run));
        co_return std::move(*lease);
    };
    MW_CO_TRY(auto lease, co_await pg::with_tx(deps_.pool, work));
    co_return answer(lease);
}

Reply WorkerApi::steps(http::Request& request) {
    MW_CO_TRY(auto body, parse_json(request.body));
    MW_CO_TRY(auto report, read_steps(body));
    co_return co_await change_run(request, [&](pg::Connection& tx, const runs::Run& run) {
        return runs::report_steps(tx, run, report.steps, report.first_started_at);
    });
}

Reply WorkerApi::progress(http::Request& request) {
    MW_CO_TRY(auto body, parse_json(request.body));
    MW_CO_TRY(auto progress, read_progress(body));
    auto change = [&](pg::Connection& tx, const runs::Run& run) -> Awaitable<> {
        MW_CO_CHECK(co_await runs::set_git(tx, run.id, progress.git_sha, progress.git_branch,
                                           progress.used_repo_cache));
        co_return co_await runs::notify_changed(tx, run.id);
    };
    co_return co_await change_run(request, change);
}

Reply WorkerApi::host_keys(http::Request& request) {
    MW_CO_TRY(auto hash, token_hash_of(request));
    MW_CO_TRY(auto body, parse_json(request.body));
    MW_CO_TRY(auto keys, read_host_keys(body));
    auto work = [&](pg::Connection& tx) -> Awaitable<Lease> {
        MW_CO_TRY(auto lease, co_await lock_lease(tx, hash));
        if (!lease) co_return lost();
        MW_CO_CHECK(co_await ssh_host_keys::pin(tx, lease->account_id,
                                                fmt::format("run {}", lease->run_id), keys));
        co_return std::move(*lease);
    };
    MW_CO_TRY(auto lease, co_await pg::with_tx(deps_.pool, work));
    co_return answer(lease);
}

// Of a package that the run's project takes from another repository of its git host.
Reply WorkerApi::git_credential(http::Request& request) {
    MW_CO_TRY(auto lease, co_await authenticate(request));
    MW_CO_TRY(auto body, parse_json(request.body));
    JsonReader in(body);
    std::string name;
    in.required("repository", name, {1, 512});
    MW_CO_CHECK(in.finish());
    boost::json::object json;
    auto repository = co_await repository_of_run(lease.run_id);
    if (!repository) co_return fail(repository.error());
    if (deps_.git_hosts && *repository) {
        MW_CO_TRY(auto given,
                  co_await deps_.git_hosts->credential_for_package(**repository, std::move(name)));
        if (given)
            json = {{"username", given->username},
                    {"password", given->password.reveal()},
                    {"url", given->url}};
    }
    co_return http::Response::private_json(200, json);
}

Awaitable<std::optional<Id>> WorkerApi::repository_of_run(Id run_id) {
    MW_CO_TRY(auto connection, co_await deps_.pool.acquire());
    MW_CO_TRY(auto run, co_await runs::find_run(*connection, run_id));
    if (!run) co_return lost();
    MW_CO_TRY(auto project,
              co_await projects::find_project(*connection, run->account_id, run->project_id));
    co_return project ? project->repository_id : std::nullopt;
}

Reply WorkerApi::logs(http::Request& request) {
    MW_CO_TRY(auto hash, token_hash_of(request));
    MW_CO_TRY(auto body, parse_json(request.body));
    MW_CO_TRY(auto batches, run_log::read_batches(body));
    MW_CO_TRY(auto nodes, runs::read_nodes(body));
    auto relations = read_relations(body);
    std::vector<std::optional<std::int64_t>> first_lines;
    // The run's own row is left alone: lines come often, and it is the queue's.
    auto work = [&](pg::Connection& tx) -> Awaitable<Lease> {
        MW_CO_TRY(auto lease, co_await lock_lease(tx, hash));
        if (!lease) co_return lost();
        first_lines.clear();
        for (const auto& batch : batches) {
            MW_CO_TRY(auto first_line, co_await run_log::append(tx, lease->run_id, batch));
            first_lines.push_back(first_line);
        }
        if (!nodes.empty()) MW_CO_CHECK(co_await runs::upsert_nodes(tx, lease->run_id, nodes));
        if (!relations.empty())
            MW_CO_CHECK(co_await pull_request_schemas::note_schemas(tx, lease->run_id, relations));
        MW_CO_CHECK(co_await runs::notify_log(tx, lease->run_id));
        co_return std::move(*lease);
    };
    MW_CO_TRY(auto lease, co_await pg::with_tx(deps_.pool, work));
    for (std::size_t i = 0; i < batches.size(); ++i) {
        // A batch that comes again has been shown.
        if (!first_lines[i]) continue;
        for (const auto& [place, text] : batches[i].live)
            deps_.show_rows(lease.run_id, batches[i].step,
                            *first_lines[i] + static_cast<std::int64_t>(place), text);
    }
    co_return answer(lease);
}

Reply WorkerApi::put_artifact(http::Request& request) {
    MW_CO_TRY(auto hash, token_hash_of(request));
    MW_CO_TRY(auto lease, co_await authenticate(request));
    MW_CO_TRY(auto step, step_of(request));
    artifacts::Artifact artifact{.run_id = lease.run_id,
                                 .step_index = step,
                                 .path = request.path_params["path"],
                                 .size_bytes = 0,
                                 .object_key = {}};
    MW_CO_TRY(artifact.object_key,
              artifacts::object_key_of(lease.account_id, lease.run_id, step, artifact.path));
    store::PutOptions options{.content_type = std::string(store::content_type_for(artifact.path))};
    MW_CO_TRY(auto stored,
              co_await deps_.objects.put_file(artifact.object_key, request.body_file, options));
    artifact.size_bytes = static_cast<std::int64_t>(stored.size_bytes);
    co_return co_await record(hash, {artifact});
}

Reply WorkerApi::put_pack(http::Request& request) {
    MW_CO_TRY(auto hash, token_hash_of(request));
    MW_CO_TRY(auto lease, co_await authenticate(request));
    MW_CO_TRY(auto step, step_of(request));
    auto file = std::filesystem::path(request.body_file);
    MW_CO_TRY(auto index,
              co_await offload(deps_.blocking, [file] { return pack::read_index(file); }));
    auto key = artifacts::pack_key_of(lease.account_id, lease.run_id, step);
    std::vector<artifacts::Artifact> packed;
    packed.reserve(index.size());
    for (auto& entry : index) {
        // As strict as for a file that is sent by itself.
        MW_CO_CHECK(artifacts::object_key_of(lease.account_id, lease.run_id, step, entry.path));
        packed.push_back({.run_id = lease.run_id,
                          .step_index = step,
                          .path = std::move(entry.path),
                          .size_bytes = static_cast<std::int64_t>(entry.bytes),
                          .object_key = key,
                          .pack_offset = static_cast<std::int64_t>(entry.offset),
                          .pack_bytes = static_cast<std::int64_t>(entry.stored_bytes)});
    }
    MW_CO_CHECK(co_await deps_.objects.put_file(key, file, {}));
    co_return co_await record(hash, packed);
}

// Checked anew: the upload may have taken longer than the run.
Reply WorkerApi::record(const std::string& token_hash,
                        const std::vector<artifacts::Artifact>& stored) {
    auto work = [&](pg::Connection& tx) -> Awaitable<Lease> {
        MW_CO_TRY(auto still, co_await lock_lease(tx, token_hash));
        if (!still) co_return lost();
        MW_CO_CHECK(co_await artifacts::record_artifacts(tx, stored));
        co_return std::move(*still);
    };
    MW_CO_TRY(auto lease, co_await pg::with_tx(deps_.pool, work));
    co_return answer(lease);
}

Reply WorkerApi::finish(http::Request& request) {
    MW_CO_TRY(auto body, parse_json(request.body));
    MW_CO_TRY(auto outcome, read_outcome(body));
    co_return co_await change_run(request,
                                  [&](pg::Connection& tx, const runs::Run& run) -> Awaitable<> {
                                      MW_CO_CHECK(co_await runs::finish_run(tx, run.id, outcome));
                                      co_return result<>{};
                                  });
}

Reply WorkerApi::other_artifact(http::Request& request) {
    MW_CO_TRY(auto lease, co_await authenticate(request));
    MW_CO_TRY(auto other_run_id, run_id_of(request));
    std::optional<artifacts::Artifact> found;
    {
        MW_CO_TRY(auto connection, co_await deps_.pool.acquire());
        MW_CO_TRY(auto run, co_await runs::find_run(*connection, lease.run_id));
        if (!run) co_return lost();
        MW_CO_TRY(found, co_await find_granted_artifact(*connection, *run, other_run_id,
                                                        request.path_params["path"]));
    }
    if (!found)
        co_return fail(Errc::not_found,
                       "That run has left no such file behind, or it is not one that this run may "
                       "take from.");
    co_return co_await artifacts::artifact_reply(deps_.objects, *found, {});
}

}  // namespace

void add_worker_endpoints(http::Router& router, WorkerApiDeps deps) {
    auto worker_api = std::make_shared<WorkerApi>(deps);
    auto add = [&](std::string method, std::string path, Reply (WorkerApi::*handle)(http::Request&),
                   http::BodyPolicy body = {.max_bytes = kJsonBytesMax}) {
        router.add(
            std::move(method), "/internal/v1/run/" + path,
            [worker_api, handle](http::Request& request) -> Reply {
                auto response = co_await (*worker_api.*handle)(request);
                // 409 tells a worker to stop, so nothing but a lost lease may become one.
                if (!response && response.error().code == Errc::conflict)
                    response.error().code = Errc::internal;
                co_return response;
            },
            body);
    };
    add("GET", "spec", &WorkerApi::spec);
    add("POST", "heartbeat", &WorkerApi::heartbeat);
    add("POST", "steps", &WorkerApi::steps);
    add("POST", "progress", &WorkerApi::progress);
    add("POST", "ssh-host-keys", &WorkerApi::host_keys);
    add("POST", "git-credential", &WorkerApi::git_credential);
    add("POST", "logs", &WorkerApi::logs);
    add("PUT", "artifacts/{path...}", &WorkerApi::put_artifact,
        {.max_bytes = kArtifactBytesMax, .to_file = true});
    add("PUT", "artifact-pack", &WorkerApi::put_pack,
        {.max_bytes = kArtifactBytesMax, .to_file = true});
    add("POST", "finish", &WorkerApi::finish);
    add("GET", "other-runs/{run_id}/artifacts/{path...}", &WorkerApi::other_artifact);
}

}  // namespace mw::worker_api
