#include "roles/runner/connection_check.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <optional>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/trimmed.hpp"
#include "roles/runner/command/node_tracker.hpp"
#include "roles/runner/drop_schemas.hpp"
#include "roles/runner/engine/engine_choice.hpp"
#include "roles/runner/network/ssh_tunnel.hpp"
#include "roles/runner/project/dbt_environment.hpp"
#include "roles/runner/project/profile_step.hpp"
#include "roles/runner/report/api_client.hpp"
#include "roles/runner/wait.hpp"
#include "roles/runner/worker_process.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using asio::experimental::awaitable_operators::operator||;

constexpr std::size_t kMostOutputBytes = 64UL * 1024;
constexpr std::size_t kMostMessageBytes = 4096;
constexpr std::string_view kName = "connection_test";

struct ConnectionTestSettings {
    ConfinementSettings confinement;
    std::chrono::seconds limit;

    static result<ConnectionTestSettings> from(const Settings& settings) {
        MW_TRY(auto confinement, ConfinementSettings::from(settings));
        MW_TRY(auto limit, settings.get_int("CONNECTION_TEST_SECONDS", 1, 3600));
        return ConnectionTestSettings{std::move(confinement), std::chrono::seconds(limit)};
    }
};

struct Found {
    bool ok = false;
    std::string message = {};
    std::string output = {};
    std::vector<HostKey> host_keys = {};  // that were seen for the first time
};

// Keeps what a terminal would have shown, up to a limit.
class Hearer final : public EngineListener {
  public:
    asio::awaitable<void> on_event(dbt::Event event) override {
        if (event.console) add(event.message);
        co_return;
    }
    asio::awaitable<void> on_output(std::string text) override {
        add(text);
        co_return;
    }
    // A test of a connection reads none.
    asio::awaitable<void> on_rows(dbt::Rows) override { co_return; }

    const std::string& text() const { return text_; }

  private:
    void add(std::string_view line) {
        if (text_.size() < kMostOutputBytes) text_.append(line).append("\n");
    }
    std::string text_;
};

class ConnectionTest {
  public:
    ConnectionTest(asio::any_io_executor executor, const Layout& layout,
                   const ConnectionTestSettings& settings, RunSpec spec)
        : executor_(executor),
          layout_(layout),
          settings_(settings),
          spec_(std::move(spec)),
          scrubber_(secrets_of(spec_)) {}

    asio::awaitable<Found> find() {
        auto found = co_await attempt();
        Found told = found ? std::move(*found) : Found{.message = found.error().message};
        told.message = cut_text(storable(told.message), kMostMessageBytes);
        told.output = cut_text(storable(told.output), kMostOutputBytes);
        told.host_keys = std::move(seen_);
        co_return told;
    }

  private:
    asio::awaitable<result<Found>> attempt();
    asio::awaitable<result<>> open_tunnel();
    result<> write_project();
    Found judge(const result<InvocationExit>& exit, std::string output) const;

    std::string storable(std::string_view text) const {
        return storable_line(scrubber_.scrub(text));
    }

    asio::any_io_executor executor_;
    const Layout& layout_;
    const ConnectionTestSettings& settings_;
    RunSpec spec_;
    Scrubber scrubber_;
    std::optional<Workspace> workspace_;
    std::optional<KnownHosts> known_hosts_;
    std::vector<HostKey> seen_;
    std::optional<SshTunnel> tunnel_;
    std::optional<ChosenEngine> engine_;  // destroyed before the workspace is removed
};

result<> ConnectionTest::write_project() {
    std::error_code error;
    std::filesystem::create_directory(workspace_->repository(), error);
    if (error)
        return fail(file_error(error.value(), "The test's project cannot be made",
                               workspace_->repository()));
    // Somebody sits and waits for a test: a file that cannot be opened is said at once, not tried
    // for a minute.
    if (spec_.drop_schemas.empty() && spec_.profile.adapter == "duckdb" &&
        !spec_.profile.connection.contains("retries"))
        spec_.profile.connection["retries"] = json::object{{"connect_attempts", 1}};
    MW_CHECK(write_drop_macro(spec_, workspace_->repository()));
    MW_CHECK(write_file_atomically(workspace_->repository() / "dbt_project.yml",
                                   fmt::format("name: {0}\nprofile: {0}\n", kName), 0600));
    return write_profile_file(spec_.profile, std::string(kName), *workspace_);
}

asio::awaitable<result<>> ConnectionTest::open_tunnel() {
    if (!spec_.profile.ssh_tunnel) co_return result<>{};
    MW_CO_TRY(auto target, tunnel_target(spec_.profile));
    TunnelPlaces places{workspace_->root(), layout_.tunnel_socket(workspace_->root())};
    MW_CO_TRY(auto tunnel, co_await SshTunnel::open(*spec_.profile.ssh_tunnel, target,
                                                    std::move(places), *known_hosts_));
    seen_ = known_hosts_->take_seen();
    tunnel_.emplace(std::move(tunnel));
    lead_through(spec_.profile, tunnel_->port());
    co_return result<>{};
}

asio::awaitable<result<Found>> ConnectionTest::attempt() {
    MW_CO_TRY(auto workspace, Workspace::create(layout_.workspaces_dir,
                                                fmt::format("connection-test-{}", spec_.run_id)));
    workspace_.emplace(std::move(workspace));
    if (settings_.confinement.on) workspace_->confine();
    known_hosts_.emplace(workspace_->root() / "tunnel_known_hosts", spec_.ssh_host_keys);
    MW_CO_CHECK(co_await open_tunnel());
    MW_CO_CHECK(write_project());
    MW_CO_TRY(auto engine, choose_engine(executor_, layout_, settings_.confinement, spec_,
                                         *workspace_, scrubber_));
    engine_.emplace(std::move(engine));
    MW_CO_CHECK(engine_->session->start());
    ProjectFile project{.profile = std::string(kName), .target_path = "target"};
    auto environment = dbt_environment(spec_, *workspace_, engine_->bin, {}, project);
    environment["DBT_USE_COLORS"] = "false";
    bool drops = !spec_.drop_schemas.empty();
    auto limit_of_all = drops ? std::max(settings_.limit, kDropLimit) : settings_.limit;
    Invocation invocation{
        drops ? drop_command(spec_) : std::vector<std::string>{"debug", "--connection"},
        std::move(environment), workspace_->seen(workspace_->repository())};
    Hearer hearer;
    bool late = false;
    auto end_when_late = [&]() -> asio::awaitable<void> {
        asio::steady_timer limit(executor_, limit_of_all);
        co_await limit.async_wait(asio::use_awaitable);
        late = true;
        // The invocation, which does not end by being cancelled, ends by this.
        engine_->session->kill();
        limit.expires_at(asio::steady_timer::time_point::max());
        co_await limit.async_wait(asio::use_awaitable);
    };
    auto first =
        co_await (without_throwing(engine_->session->invoke(std::move(invocation), hearer)) ||
                  end_when_late());
    auto output = hearer.text();
    if (auto words = tunnel_ ? tunnel_->take_words() : std::string(); !words.empty())
        output += "The SSH tunnel says: " + words;
    if (!late) co_return judge(std::get<0>(first), output);
    co_return Found{.message = fmt::format("The warehouse did not answer within {} seconds. An "
                                           "operator may let a test wait longer: "
                                           "MILLWRIGHT_CONNECTION_TEST_SECONDS.",
                                           limit_of_all.count()),
                    .output = output};
}

Found ConnectionTest::judge(const result<InvocationExit>& exit, std::string output) const {
    if (!exit) return {.message = exit.error().message, .output = std::move(output)};
    if (exit->exit_code == 0 && !exit->signal)
        return {.ok = true,
                .message = spec_.drop_schemas.empty()
                               ? fmt::format("The connection works, with {}.", engine_->title)
                               : "The schemas are dropped.",
                .output = std::move(output)};
    auto message = adapter_words(output);
    if (message.empty()) message = first_words(exit->error.value_or(output));
    if (message.empty()) message = fmt::format("dbt ended with exit code {}.", exit->exit_code);
    return {.message = std::move(message), .output = std::move(output)};
}

asio::awaitable<result<>> do_test(const Layout& layout, const ConnectionTestSettings& settings,
                                  ApiClient& api) {
    MW_CO_TRY(auto answer, co_await api.spec());
    MW_CO_TRY(auto spec, parse_connection_test_spec(answer));
    log::info("connection test begun", {{"id", spec.run_id}, {"dbt_version", spec.dbt_version}});
    Found found;
    {
        ConnectionTest test(co_await asio::this_coro::executor, layout, settings, std::move(spec));
        found = co_await test.find();
    }
    co_return co_await api.finish(json::object{{"ok", found.ok},
                                               {"message", found.message},
                                               {"output", found.output},
                                               {"ssh_host_keys", to_json(found.host_keys)}});
}

asio::awaitable<int> work(const Layout& layout, const ConnectionTestSettings& settings,
                          Secret token) {
    auto executor = co_await asio::this_coro::executor;
    Stop stop(executor);
    ApiClient api(executor, layout.internal_socket, std::move(token), stop, "connection-test");
    asio::signal_set signals(executor, SIGTERM, SIGINT, SIGHUP);
    // Whoever ends it is told by the scheduler, which sees it end.
    auto first = co_await (without_throwing(do_test(layout, settings, api)) ||
                           signals.async_wait(asio::use_awaitable) || stop.wait_lost());
    if (first.index() != 0) co_return kExitLost;
    const auto& done = std::get<0>(first);
    if (done) co_return kExitOk;
    log::error("connection test not finished", {{"reason", done.error().message}});
    co_return done.error().code == Errc::lease_lost ? kExitLost : kExitSoftware;
}

std::string words_of(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (const std::exception& problem) {
        return problem.what();
    }
}

}  // namespace

std::string adapter_words(std::string_view output) {
    // dbt Core 1; dbt Core 2.
    for (std::string_view before :
         {"returned the following error:", "following error was returned:"}) {
        auto begin = output.find(before);
        if (begin == output.npos) continue;
        output.remove_prefix(begin + before.size());
        output = output.substr(0, output.find("Check your database credentials"));
        std::string words;
        while (!output.empty()) {
            auto end = std::min(output.find('\n'), output.size() - 1);
            auto line = trimmed(output.substr(0, end + 1));
            while (line.starts_with('>'))
                line = trimmed(line.substr(1));
            if (!line.empty()) words.append(words.empty() ? "" : "\n").append(line);
            output.remove_prefix(end + 1);
        }
        return words;
    }
    return {};
}

int run_connection_test(const Settings& settings, const Layout& layout) {
    log::configure("connection-test", log::parse_level(settings.get("LOG_LEVEL")));
    auto token = read_token();
    auto own = ConnectionTestSettings::from(settings);
    if (!token || !own) {
        log::error(token ? own.error().message : token.error().message);
        return kExitUsage;
    }
    protect_memory();
    asio::io_context io{1};
    int code = kExitSoftware;
    asio::co_spawn(io, work(layout, *own, std::move(*token)),
                   [&](std::exception_ptr thrown, int exit_code) {
                       io.stop();
                       if (!thrown) code = exit_code;
                       if (thrown)
                           log::error("connection test broke", {{"reason", words_of(thrown)}});
                   });
    io.run();
    return code;
}

}  // namespace mw::runner
