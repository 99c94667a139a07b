#include "roles/runner/network/ssh_tunnel.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <optional>

#include "base/files.hpp"
#include "infra/process/line_reader.hpp"
#include "infra/process/process.hpp"
#include "roles/runner/network/relay.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kPatience = 30s;
constexpr auto kPause = 20ms;
constexpr std::size_t kMostLineBytes = 4096;
constexpr std::size_t kMostWordsBytes = 16UL * 1024;

// The same for the same warehouse, below those that the system gives out: dbt parses a project anew
// when its profile leads to another port.
std::uint16_t usual_port(const TunnelSpec& spec, const TunnelTarget& target) {
    auto name = fmt::format("{}:{}>{}:{}", spec.hostname, spec.port, target.host, target.port);
    return static_cast<std::uint16_t>(20000 + std::hash<std::string>{}(name) % 12000);
}

// An option whose value ssh splits at blanks unless it is quoted.
std::string path_option(std::string_view name, const fs::path& path) {
    return fmt::format("-o{}=\"{}\"", name, path.string());
}

process::SpawnOptions ssh_options(const TunnelSpec& spec, const TunnelTarget& target,
                                  const TunnelPlaces& places, const fs::path& key,
                                  std::vector<std::string> host_options) {
    const char* path = std::getenv("PATH");
    auto host =
        target.host.find(':') == std::string::npos ? target.host : fmt::format("[{}]", target.host);
    process::SpawnOptions options;
    options.program = "ssh";
    options.args = {"-F",
                    "none",
                    "-N",
                    "-T",
                    "-oBatchMode=yes",
                    "-oConnectTimeout=15",
                    "-oIdentitiesOnly=yes",
                    "-oIdentityAgent=none",
                    path_option("IdentityFile", key),
                    "-oExitOnForwardFailure=yes",
                    "-oServerAliveInterval=15",
                    "-oServerAliveCountMax=4",
                    "-oStreamLocalBindMask=0177",
                    "-p",
                    std::to_string(spec.port),
                    "-l",
                    spec.username,
                    "-L",
                    fmt::format("{}:{}:{}", places.socket.string(), host, target.port),
                    "--",
                    spec.hostname};
    std::ranges::move(host_options, std::inserter(options.args, options.args.begin()));
    options.environment = {{"PATH", path && *path ? path : "/usr/local/bin:/usr/bin:/bin"},
                           {"HOME", places.folder.string()},
                           {"LC_ALL", "C.UTF-8"}};
    options.cwd = places.folder;
    options.err = process::Stdio::pipe();
    options.group = process::Group::own_session;
    options.death_signal = SIGKILL;
    return options;
}

SshHost known_host(const TunnelSpec& spec) {
    SshHost host{.name = spec.hostname, .port = spec.port};
    for (auto& c : host.name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return host;
}

struct Sign {
    std::string_view words;
    std::string_view sentence;  // {host} and {user} are filled in
};

constexpr Sign kSigns[] = {
    {"Permission denied",
     "The SSH host {host} refuses the tunnel's key. Its public key must stand in the "
     "authorized_keys of {user} there."},
    {"Could not resolve hostname", "The name of the SSH host {host} cannot be resolved."},
    {"Connection refused", "The SSH host {host} cannot be reached: nobody listens there."},
    {"timed out", "The SSH host {host} does not answer."},
    {"No route to host", "The SSH host {host} cannot be reached."},
    {"Network is unreachable", "The SSH host {host} cannot be reached."},
    {"Host key verification failed",
     "The SSH host {host} is not the one that this machine knows by that name."},
    {"administratively prohibited", "The SSH host {host} does not allow the tunnel."},
};

void fill(std::string& text, std::string_view mark, std::string_view value) {
    if (auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), value);
}

}  // namespace

std::string explain_ssh_failure(std::string_view words, const TunnelSpec& spec) {
    for (const auto& sign : kSigns) {
        if (words.find(sign.words) == words.npos) continue;
        std::string sentence(sign.sentence);
        fill(sentence, "{host}", fmt::format("{}:{}", spec.hostname, spec.port));
        fill(sentence, "{user}", spec.username);
        return sentence;
    }
    while (words.ends_with('\n'))
        words.remove_suffix(1);
    auto last = words.substr(words.rfind('\n') + 1);
    return fmt::format("The SSH tunnel over {}:{} could not be opened{}{}", spec.hostname,
                       spec.port, last.empty() ? "." : ": ", last);
}

// Held by the coroutine that reads ssh's words too, which ends when ssh does.
struct SshTunnel::State {
    process::Process ssh;
    TunnelPlaces places;
    std::optional<Relay> relay = {};
    std::string words = {};
    bool over = false;  // ssh has said its last word

    static asio::awaitable<void> listen(std::shared_ptr<State> state) {
        process::LineReader lines(state->ssh.err(), kMostLineBytes);
        while (auto line = co_await lines.next())
            if (state->words.size() < kMostWordsBytes) state->words += line->text + "\n";
        state->over = true;
    }

    void end() {
        ssh.signal_group(SIGKILL);
        relay.reset();
        std::error_code ignored;
        fs::remove(places.socket, ignored);
    }
};

SshTunnel::SshTunnel(std::shared_ptr<State> state) : state_(std::move(state)) {
}
SshTunnel::SshTunnel(SshTunnel&&) noexcept = default;

SshTunnel::~SshTunnel() {
    if (state_) state_->end();
}

std::uint16_t SshTunnel::port() const {
    return state_->relay->port();
}

std::string SshTunnel::take_words() {
    return std::exchange(state_->words, {});
}

asio::awaitable<result<SshTunnel>> SshTunnel::open(TunnelSpec spec, TunnelTarget target,
                                                   TunnelPlaces places, KnownHosts& hosts) {
    auto known = known_host(spec);
    MW_CO_TRY(auto host_options, co_await hosts.options_for(known));
    auto executor = co_await asio::this_coro::executor;
    auto key = places.folder / "tunnel_key";
    struct Removed {
        fs::path file;
        ~Removed() {
            std::error_code ignored;
            fs::remove(file, ignored);
        }
    } removed{key};
    MW_CO_CHECK(write_file_atomically(key, spec.private_key, 0600));
    std::error_code ignored;
    fs::remove(places.socket, ignored);
    MW_CO_TRY(auto ssh, process::Process::spawn(executor, ssh_options(spec, target, places, key,
                                                                      std::move(host_options))));
    SshTunnel tunnel(std::make_shared<State>(std::move(ssh), places));
    auto& state = *tunnel.state_;
    asio::co_spawn(executor, State::listen(tunnel.state_), asio::detached);
    asio::steady_timer pause(executor);
    auto end = std::chrono::steady_clock::now() + kPatience;
    // ssh listens there once it has come in, and ends when it can't.
    while (!fs::exists(places.socket, ignored)) {
        if (!state.over && std::chrono::steady_clock::now() < end) {
            pause.expires_after(kPause);
            co_await pause.async_wait(asio::use_awaitable);
            continue;
        }
        auto words = state.over ? state.words : std::string("timed out");
        auto why = co_await hosts.explain(known, words);
        if (why.empty()) why = explain_ssh_failure(words, spec);
        co_return fail(Errc::upstream_failed, std::move(why), words);
    }
    MW_CO_TRY(state.relay, Relay::open(executor, places.socket, usual_port(spec, target)));
    state.words.clear();
    co_return tunnel;
}

}  // namespace mw::runner
