#include "roles/scheduler/warm_hosts.hpp"

#include <signal.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <optional>

#include "base/log.hpp"
#include "engines/catalogue.hpp"
#include "engines/installer.hpp"

namespace mw::scheduler {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kPass = 30s;

// Installed engines that a host can serve, in the order in which they are kept ready.
std::vector<fs::path> servable(const Layout& layout) {
    std::vector<fs::path> folders;
    auto catalogue = engines::Catalogue::load(layout.engine_catalogue_dir);
    if (!catalogue) {
        log::warn("engine catalogue not read", {{"reason", catalogue.error().message}});
        return folders;
    }
    std::vector<const engines::Entry*> entries;
    for (const auto& entry : catalogue->entries())
        if (entry.installable && entry.family == engines::Family::core1) entries.push_back(&entry);
    auto latest = catalogue->resolve("latest");
    std::ranges::sort(entries, [&](const auto* a, const auto* b) {
        auto first = [&](const auto* entry) { return latest && *latest == entry; };
        if (first(a) != first(b)) return first(a);
        // "1.9" before "1.11": the longer is the newer.
        return std::pair(a->line.size(), a->line) > std::pair(b->line.size(), b->line);
    });
    for (const auto* entry : entries)
        for (const auto& set : entry->sets)
            if (auto installed = engines::find_installed(layout.engines_dir, *entry, set))
                folders.push_back(installed->folder);
    return folders;
}

}  // namespace

struct WarmHosts::Host {
    Backoff backoff;
    std::optional<process::Process> process = std::nullopt;
    Steady::time_point started = {};
    Steady::time_point not_before = {};
};

WarmHosts::WarmHosts(asio::any_io_executor executor, BlockingPool& blocking, const Layout& layout,
                     Wanted wanted, std::function<void()> on_ended, Backoff backoff)
    : executor_(executor),
      blocking_(blocking),
      layout_(layout),
      wanted_(wanted),
      backoff_(backoff),
      on_ended_(std::make_shared<std::function<void()>>(std::move(on_ended))) {
}

WarmHosts::~WarmHosts() {
    *on_ended_ = nullptr;
}

asio::awaitable<std::vector<fs::path>> WarmHosts::folders() {
    if (wanted_.most == 0) co_return std::vector<fs::path>{};
    auto found = co_await offload(blocking_, [this] { return servable(layout_); });
    auto folders = found ? std::move(*found) : std::vector<fs::path>{};
    if (folders.size() > wanted_.most) folders.resize(wanted_.most);
    co_return folders;
}

void WarmHosts::start(const fs::path& engine, Host& host) {
    process::SpawnOptions options;
    options.program = engine / "bin" / "python";
    options.args = {"-I", "-B", (layout_.engine_host_dir / "host.py").string(), "--listen",
                    layout_.warm_socket(engine).string()};
    if (wanted_.merge_memory) options.args.emplace_back("--merge-memory");
    options.environment = {{"PATH", (engine / "bin").string() + ":/usr/local/bin:/usr/bin:/bin"},
                           {"HOME", "/nonexistent"},
                           {"LANG", "C.UTF-8"}};
    options.cwd = "/";
    options.err = process::Stdio::inherit();
    options.group = process::Group::own_session;
    options.death_signal = SIGTERM;
    auto process = process::Process::spawn(executor_, std::move(options));
    host.started = Steady::now();
    if (!process) {
        log::warn("warm host not started", {{"reason", process.error().message}});
        host.not_before = host.started + host.backoff.after(0s);
        return;
    }
    host.process.emplace(std::move(*process));
    log::info("warm host started", {{"engine", engine.filename().string()}});
    watch(engine, *host.process);
}

void WarmHosts::watch(const fs::path& engine, process::Process& process) {
    asio::co_spawn(
        executor_,
        [ended = process.async_wait(), on_ended = on_ended_,
         name = engine.filename().string()]() mutable -> asio::awaitable<void> {
            auto how = co_await std::move(ended);
            if (!*on_ended) co_return;
            log::info("warm host ended", {{"engine", name}, {"how", how.describe()}});
            (*on_ended)();
        },
        asio::detached);
}

asio::awaitable<result<std::chrono::milliseconds>> WarmHosts::pass() {
    auto folders = co_await this->folders();
    if (stopping_) co_return kPass;
    std::erase_if(hosts_, [&](const auto& host) {
        return std::ranges::find(folders, host.first) == folders.end();
    });
    std::chrono::milliseconds next = kPass;
    for (const auto& folder : folders) {
        auto& host = hosts_[folder];
        if (!host) host = std::make_unique<Host>(backoff_);
        if (host->process && !host->process->poll()) continue;
        auto now = Steady::now();
        if (host->process) {
            host->process.reset();
            host->not_before = now + host->backoff.after(now - host->started);
        }
        if (now >= host->not_before) start(folder, *host);
        if (host->process) continue;
        auto wait = host->not_before - now;
        next = std::min(next, std::chrono::ceil<std::chrono::milliseconds>(wait));
    }
    co_return next;
}

void WarmHosts::stop() {
    stopping_ = true;
    hosts_.clear();
}

}  // namespace mw::scheduler
