#include "roles/runner/run_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/json/object.hpp>

#include "base/files.hpp"
#include "base/json_reader.hpp"
#include "base/log.hpp"
#include "dbt/command.hpp"
#include "infra/crypto/ssh_fingerprint.hpp"
#include "roles/runner/command/artifacts.hpp"
#include "roles/runner/command/node_tracker.hpp"
#include "roles/runner/compare/compare_step.hpp"
#include "roles/runner/git/fetch.hpp"
#include "roles/runner/git/private_packages.hpp"
#include "roles/runner/lint/lint_step.hpp"
#include "roles/runner/project/dbt_environment.hpp"
#include "roles/runner/project/profile_step.hpp"
#include "roles/runner/wait.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::size_t kMostMessageBytes = 4096;
// With the native engines `dbt docs generate` does nothing.
constexpr std::string_view kNativeDocs = "dbt compile --write-catalog";
constexpr const char* kPackageLock = "package-lock.yml";
constexpr std::size_t kMostLockBytes = 1024UL * 1024;
constexpr std::size_t kMostResultsBytes = 256UL * 1024 * 1024;

bool contains(const std::vector<std::string>& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
}

LoginOf package_logins(ApiClient& api) {
    return [&api](std::string name) -> asio::awaitable<result<std::optional<PackageLogin>>> {
        MW_CO_TRY(auto given, co_await api.git_credential(std::move(name)));
        std::string url, username, password;
        JsonReader in(given);
        in.keep("url", url);
        in.keep("username", username);
        in.keep("password", password);
        MW_CO_CHECK(in.finish());
        if (password.empty()) co_return std::nullopt;
        co_return PackageLogin{std::move(url), std::move(username), Secret(std::move(password))};
    };
}

}  // namespace

RunFlow::RunFlow(asio::any_io_executor executor, const Layout& layout,
                 const ConfinementSettings& confinement, std::filesystem::path mirrors,
                 RunSpec spec, ApiClient& api, LogShipper& shipper, Stop& stop)
    : executor_(executor),
      layout_(layout),
      confinement_(confinement),
      mirrors_(std::move(mirrors)),
      spec_(std::move(spec)),
      api_(api),
      shipper_(shipper),
      stop_(stop),
      steps_(api, plan_steps(spec_)) {
}

void RunFlow::prepare() {
    auto workspace = Workspace::create(layout_.workspaces_dir, spec_.run_id);
    if (!workspace) {
        no_workspace_ = std::move(workspace).error();
        return;
    }
    workspace_.emplace(std::move(*workspace));
    if (confinement_.on) workspace_->confine();
    deferred_.emplace(spec_.deferral, *workspace_);
    known_hosts_.emplace(workspace_->home() / ".ssh" / "known_hosts", spec_.ssh_host_keys);
    make_group();
    auto engine = choose_engine(executor_, layout_, confine_to_group(), spec_, *workspace_,
                                shipper_.scrubber());
    // It imports dbt while git fetches the repository.
    auto started = engine ? engine->session->start() : result<>{};
    if (!engine || !started) {
        no_engine_ = engine ? std::move(started).error() : std::move(engine).error();
        return;
    }
    engine_.emplace(std::move(*engine));
    // Elsewhere in each run, what was parsed is of no use.
    if (confinement_.on) parse_cache_.emplace(layout_, spec_, engine_->folder);
}

void RunFlow::make_group() {
    auto limits = smallest(confinement_.limits, spec_.account_limits, spec_.job_limits);
    group_.emplace(executor_, layout_.limits_file, limits, spec_.run_id, spec_.account_id);
}

ConfinementSettings RunFlow::confine_to_group() const {
    auto confinement = confinement_;
    confinement.doors = group_->doors();
    confinement.processes_max = group_->processes_left_to_the_sandbox();
    return confinement;
}

void RunFlow::complain(StepLog log) const {
    if (!group_) return;
    for (const auto& sentence : group_->complaints(confinement_.on))
        log.warn(sentence);
}

// A report that the app refuses does not end the run: how it ended is told by `finish`.
asio::awaitable<result<>> RunFlow::tell_steps() {
    auto told = co_await steps_.report();
    if (told || told.error().code == Errc::lease_lost) co_return told;
    log::error("steps refused", {{"reason", told.error().message}});
    co_return result<>{};
}

asio::awaitable<result<>> RunFlow::execute() {
    prepare();
    MW_CO_CHECK(co_await tell_steps());
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (failed_ || stop_.requested()) {
            cut_short_ = cut_short_ || !failed_;
            steps_.end(i, Status::cancelled);
            continue;
        }
        steps_.begin(i);
        MW_CO_CHECK(co_await tell_steps());
        co_await run_step(i);
    }
    engine_.reset();
    tunnel_.reset();
    group_.reset();
    auto finished = co_await finish();
    workspace_.reset();
    co_return finished;
}

asio::awaitable<void> RunFlow::run_step(std::size_t i) {
    const auto& step = steps_.plan(i);
    StepLog log(shipper_, step.index);
    if (i == 0) complain(log);
    auto outcome = co_await perform(step, i, log);
    steps_.end(i, outcome.status);
    if (outcome.status == Status::cancelled) {
        cut_short_ = true;
    } else if (outcome.status == Status::error) {
        auto words = fmt::format("{}: {}", step.name, outcome.message);
        log::info("step failed", {{"step", step.index}});
        if (step.decides) {
            failed_ = true;
            message_ = cut_text(shipper_.scrubber().scrub(words), kMostMessageBytes);
        }
    }
    // Whoever sees the step's end may read its whole log.
    co_await shipper_.flush();
}

asio::awaitable<StepOutcome> RunFlow::perform(const PlannedStep& step, std::size_t i, StepLog log) {
    if (no_workspace_) co_return outcome_of(*no_workspace_, log);
    switch (step.kind) {
        case StepKind::clone:
            co_return co_await clone(log);
        case StepKind::profile:
            co_return co_await create_profile(log);
        case StepKind::dbt:
            co_return co_await invoke_dbt(step, i, log);
        case StepKind::lint:
            co_return co_await lint(log);
        case StepKind::compare:
            co_return co_await compare(i, log);
    }
    co_return StepOutcome{};
}

StepOutcome RunFlow::outcome_of(const Error& error, StepLog log) const {
    if (stop_.requested()) {
        log.warn(stop_.message());
        return {Status::cancelled, stop_.message()};
    }
    log.error(error.message);
    if (!error.detail.empty()) log.debug(error.detail);
    return {Status::error, first_words(error.message)};
}

asio::awaitable<StepOutcome> RunFlow::clone(StepLog log) {
    auto repository = spec_.repository;
    if (spec_.retry && !spec_.retry->git_sha.empty()) repository.git_sha = spec_.retry->git_sha;
    auto fetched = co_await fetch_repository(
        repository, {*workspace_, mirrors_, {layout_.internal_socket, api_.token()}}, *known_hosts_,
        log, stop_);
    if (!fetched) co_return outcome_of(fetched.error(), log);
    checkout_ = std::move(*fetched);
    // A host that was away has not let anybody in.
    if (checkout_.used_repo_cache)
        known_hosts_->take_seen();
    else
        co_await tell_host_keys(log);
    auto told =
        co_await api_.put_progress(json::object{{"git_sha", checkout_.sha},
                                                {"git_branch", checkout_.branch},
                                                {"used_repo_cache", checkout_.used_repo_cache}});
    if (!told) log::warn("progress refused", {{"reason", told.error().message}});
    co_return StepOutcome{Status::success, {}};
}

// Those of hosts that were reached, and let us in, for the first time.
asio::awaitable<void> RunFlow::tell_host_keys(StepLog log) {
    auto seen = known_hosts_->take_seen();
    if (seen.empty()) co_return;
    for (const auto& key : seen)
        log.info(fmt::format("From now on, the SSH host {} must have this key: {} ({})",
                             to_text({key.hostname, key.port}),
                             crypto::ssh_fingerprint(key.public_key), key.key_type));
    auto told = co_await api_.put_host_keys(to_json(seen));
    if (!told) log::warn("host keys refused", {{"reason", told.error().message}});
}

asio::awaitable<StepOutcome> RunFlow::create_profile(StepLog log) {
    const auto& subdirectory = spec_.repository.project_subdirectory;
    auto folder = project_folder(workspace_->repository(), subdirectory);
    if (!folder) co_return outcome_of(folder.error(), log);
    project_folder_ = std::move(*folder);
    auto project = read_project(project_folder_, subdirectory);
    if (!project) co_return outcome_of(project.error(), log);
    project_ = std::move(*project);
    auto packages =
        co_await fetch_private_packages({*workspace_, *known_hosts_, log, stop_}, spec_.repository,
                                        project_folder_, package_logins(api_));
    if (!packages) co_return outcome_of(packages.error(), log);
    if (auto folders = warehouse_folders(layout_, spec_.profile); !folders && confinement_.on)
        co_return outcome_of(folders.error(), log);
    if (auto opened = co_await open_tunnel(log); !opened) co_return outcome_of(opened.error(), log);
    auto written = write_profile(spec_.profile, project_, *workspace_, log);
    if (!written) co_return outcome_of(written.error(), log);
    if (engine_) packages_.emplace(layout_, spec_, engine_->folder, project_folder_, project_);
    auto fetched = co_await deferred_->fetch(api_, log);
    if (!fetched) co_return outcome_of(fetched.error(), log);
    co_return StepOutcome{Status::success, {}};
}

// From then on the profile leads through it.
asio::awaitable<result<>> RunFlow::open_tunnel(StepLog log) {
    using asio::experimental::awaitable_operators::operator||;
    if (!spec_.profile.ssh_tunnel) co_return result<>{};
    const auto& over = *spec_.profile.ssh_tunnel;
    MW_CO_TRY(auto target, tunnel_target(spec_.profile));
    log.info(fmt::format("Opening an SSH tunnel over {}:{} to {}:{}", over.hostname, over.port,
                         target.host, target.port));
    TunnelPlaces places{workspace_->root(), layout_.tunnel_socket(workspace_->root())};
    auto first = co_await (without_throwing(SshTunnel::open(over, target, places, *known_hosts_)) ||
                           stop_.wait_requested());
    if (first.index() == 1) co_return fail(Errc::cancelled, stop_.message());
    MW_CO_TRY(auto tunnel, std::get<0>(std::move(first)));
    tunnel_.emplace(std::move(tunnel));
    co_await tell_host_keys(log);
    lead_through(spec_.profile, tunnel_->port());
    co_return result<>{};
}

asio::awaitable<StepOutcome> RunFlow::invoke_dbt(const PlannedStep& step, std::size_t i,
                                                 StepLog log) {
    if (no_engine_) co_return outcome_of(*no_engine_, log);
    if (step.is_deps && co_await install_packages(log)) co_return StepOutcome{Status::success, {}};
    auto command =
        dbt::parse_command(step.is_docs && engine_->is_native ? kNativeDocs : step.command);
    if (!command) co_return outcome_of(command.error(), log);
    auto environment = dbt_environment(spec_, *workspace_, engine_->bin, checkout_, project_);
    if (step.retries_command) {
        auto fetched = co_await fetch_retry_artifacts(log);
        if (!fetched) co_return outcome_of(fetched.error(), log);
        dbt::add_option(*command, "--state", workspace_->seen(workspace_->retry()).string());
        deferred_->add_to_retry(*command);
    }
    deferred_->add_to(*command, environment);
    steps_.set_invocation(i, "dbt " + dbt::to_text(command->argv));
    auto target = target_folder(project_folder_, environment, command->argv);
    if (parse_cache_) parse_cache_->bring(target);
    group_->begin_step();
    auto done = co_await run_dbt_step(*engine_->session, api_, log, stop_,
                                      DbtStep{.command = std::move(*command),
                                              .environment = std::move(environment),
                                              .project_folder = workspace_->seen(project_folder_),
                                              .target_folder = target,
                                              .workspaces_dir = layout_.workspaces_dir,
                                              .pack_file = workspace_->root() / "artifacts.pack",
                                              .more_follow = i + 1 < steps_.size(),
                                              .tells_relations = spec_.is_pull_request()});
    group_->end_step(done.outcome, log);
    // Why a connection through it failed is known to ssh alone.
    if (auto words = tunnel_ ? tunnel_->take_words() : std::string(); !words.empty())
        log.warn("The SSH tunnel says: " + words);
    if (parse_cache_) parse_cache_->keep(target);
    bool success = done.outcome.status == Status::success;
    if (success && step.is_deps) co_await keep_packages(log);
    built_.add(done.built);
    artifacts_saved_ = artifacts_saved_ || !done.artifacts.empty();
    has_docs_ = has_docs_ || (success && contains(done.artifacts, "catalog.json"));
    has_sources_ = has_sources_ || contains(done.artifacts, "sources.json");
    co_return explained(std::move(done.outcome), log);
}

asio::awaitable<StepOutcome> RunFlow::lint(StepLog log) {
    if (no_engine_) co_return outcome_of(*no_engine_, log);
    auto environment = dbt_environment(spec_, *workspace_, engine_->bin, checkout_, project_);
    // It asks dbt which models there are, and dbt parses the project for that.
    if (parse_cache_) parse_cache_->bring(target_folder(project_folder_, environment, {}));
    group_->begin_step();
    auto outcome = co_await lint_models({.executor = executor_,
                                         .layout = layout_,
                                         .confinement = confine_to_group(),
                                         .engine = *engine_->session,
                                         .log = log,
                                         .stop = stop_,
                                         .workspace = *workspace_,
                                         .deferred = *deferred_,
                                         .project = project_,
                                         .project_folder = project_folder_,
                                         .environment = std::move(environment),
                                         .adapter = spec_.profile.adapter,
                                         .fails = spec_.errors_on_lint_failure});
    group_->end_step(outcome, log);
    co_return outcome;
}

asio::awaitable<StepOutcome> RunFlow::compare(std::size_t i, StepLog log) {
    if (no_engine_) co_return outcome_of(*no_engine_, log);
    group_->begin_step();
    auto done = co_await compare_changes(
        {.engine = *engine_->session,
         .api = api_,
         .log = log,
         .stop = stop_,
         .workspace = *workspace_,
         .deferred = *deferred_,
         .built = built_,
         .flags = spec_.compare_changes_flags,
         .profile = project_.profile,
         .environment = dbt_environment(spec_, *workspace_, engine_->bin, checkout_, project_),
         .project_folder = project_folder_,
         .more_follow = i + 1 < steps_.size()});
    group_->end_step(done.outcome, log);
    artifacts_saved_ = artifacts_saved_ || done.saved;
    co_return std::move(done.outcome);
}

// What dbt cannot know: which run's artifacts it would have needed.
StepOutcome RunFlow::explained(StepOutcome outcome, StepLog log) const {
    if (outcome.status != Status::error) return outcome;
    auto why = deferred_->explain(outcome.message);
    if (why.empty()) return outcome;
    log.error(why);
    outcome.message = std::move(why);
    return outcome;
}

// A retry installs what the run had that failed, unless the project itself says what.
asio::awaitable<bool> RunFlow::install_packages(StepLog log) {
    if (spec_.retry && !packages_->has_lock() && contains(spec_.retry->artifacts, kPackageLock)) {
        auto file = workspace_->retry() / kPackageLock;
        auto fetched = co_await api_.get_artifact_of(spec_.retry->run_id, kPackageLock, file);
        auto text = fetched ? read_file(file, kMostLockBytes) : result<std::string>("");
        if (text && !text->empty()) packages_->put_lock(*text);
    }
    auto done = packages_->install();
    if (done.empty()) co_return false;
    log.info(done);
    co_await save_lock(log);
    co_return true;
}

asio::awaitable<void> RunFlow::keep_packages(StepLog log) {
    packages_->keep();
    co_await save_lock(log);
}

// For a retry of this run.
asio::awaitable<void> RunFlow::save_lock(StepLog log) {
    auto lock = packages_->lock();
    if (lock.empty() || shipper_.scrubber().scrub(lock) != lock) co_return;
    auto sent =
        co_await api_.put_artifact(kPackageLock, log.step(), project_folder_ / kPackageLock);
    if (!sent)
        log.warn(fmt::format("{} could not be saved: {}", kPackageLock, sent.error().message));
}

asio::awaitable<result<>> RunFlow::fetch_retry_artifacts(StepLog log) {
    log.info(fmt::format("Taking up run {} where it failed", spec_.retry->run_id));
    auto paths = spec_.retry->artifacts;
    std::erase(paths, kPackageLock);
    MW_CO_CHECK(co_await fetch_artifacts_of(api_, spec_.retry->run_id, std::move(paths),
                                            workspace_->retry(), "`dbt retry` needs"));
    // What it had built is compared with what this run builds.
    if (spec_.run_compare_changes)
        if (auto text = read_file(workspace_->retry() / "run_results.json", kMostResultsBytes))
            built_.take_results(*text);
    co_return result<>{};
}

asio::awaitable<result<>> RunFlow::finish() {
    auto status = run_status();
    auto message = status == Status::error       ? message_
                   : status == Status::cancelled ? stop_.message()
                                                 : std::string();
    MW_CO_CHECK(co_await tell_steps());
    co_await shipper_.flush();
    json::object outcome{{"status", static_cast<int>(status)},
                         {"status_message", message},
                         {"artifacts_saved", artifacts_saved_},
                         {"has_docs_generated", has_docs_},
                         {"has_sources_generated", has_sources_}};
    MW_CO_CHECK(co_await api_.finish(std::move(outcome)));
    log::info("run finished", {{"run_id", spec_.run_id}, {"status", static_cast<int>(status)}});
    co_return result<>{};
}

Status RunFlow::run_status() const {
    if (failed_) return Status::error;
    return cut_short_ ? Status::cancelled : Status::success;
}

}  // namespace mw::runner
