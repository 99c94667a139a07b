#include "roles/runner/network/known_hosts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "base/files.hpp"
#include "infra/crypto/ssh_fingerprint.hpp"
#include "infra/process/run_command.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t kMostBytes = 1024UL * 1024;
constexpr auto kScanLimit = 20s;

bool is_of(const HostKey& key, const SshHost& host) {
    return key.hostname == host.name && key.port == host.port;
}

bool is_same(const HostKey& a, const HostKey& b) {
    return a.hostname == b.hostname && a.port == b.port && a.public_key == b.public_key;
}

std::string_view next_word(std::string_view& line) {
    auto begin = std::min(line.find_first_not_of(" \t"), line.size());
    line.remove_prefix(begin);
    auto word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    return word;
}

process::SpawnOptions ssh_tool(std::string program, std::vector<std::string> args) {
    const char* path = std::getenv("PATH");
    process::SpawnOptions options;
    options.program = std::move(program);
    options.args = std::move(args);
    options.environment = {{"PATH", path && *path ? path : "/usr/local/bin:/usr/bin:/bin"},
                           {"LC_ALL", "C.UTF-8"}};
    return options;
}

// What the host shows now, whoever it is: only for people to compare.
asio::awaitable<std::string> fingerprints_of(SshHost host) {
    auto scan = co_await process::run_command(
        ssh_tool("ssh-keyscan", {"-T", "10", "-p", std::to_string(host.port), "--", host.name}),
        {.timeout = kScanLimit});
    std::string text;
    if (scan)
        for (const auto& key : read_known_hosts(scan->out))
            text += fmt::format("{}{} ({})", text.empty() ? "" : ", ",
                                crypto::ssh_fingerprint(key.public_key), key.key_type);
    co_return text;
}

}  // namespace

std::vector<HostKey> read_known_hosts(std::string_view text) {
    std::vector<HostKey> keys;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        auto name = next_word(line);
        if (name.empty() || name.starts_with('#') || name.starts_with('@') || name.starts_with('|'))
            continue;
        auto type = next_word(line);
        auto key = next_word(line);
        auto host = from_known_hosts_name(name.substr(0, name.find(',')));
        if (!host || key.empty() || crypto::ssh_fingerprint(key) == "unreadable") continue;
        keys.push_back({host->name, host->port, std::string(type), std::string(key)});
    }
    return keys;
}

boost::json::array to_json(const std::vector<HostKey>& keys) {
    boost::json::array array;
    for (const auto& key : keys)
        array.push_back(boost::json::object{{"hostname", key.hostname},
                                            {"port", key.port},
                                            {"key_type", key.key_type},
                                            {"public_key", key.public_key}});
    return array;
}

std::string offered_fingerprint(std::string_view words) {
    constexpr std::string_view kBefore = "key sent by the remote host is";
    auto at = words.find(kBefore);
    if (at == words.npos) return {};
    words.remove_prefix(at + kBefore.size());
    auto begin = words.find("SHA256:");
    if (begin == words.npos) return {};
    words.remove_prefix(begin);
    auto text = words.substr(0, words.find_first_of(" \t\r\n"));
    while (text.ends_with('.'))
        text.remove_suffix(1);
    return std::string(text);
}

KnownHosts::KnownHosts(fs::path file, std::vector<HostKey> pinned, fs::path machine)
    : file_(std::move(file)), pinned_(std::move(pinned)), machine_(std::move(machine)) {
}

const HostKey* KnownHosts::find_pinned(const SshHost& host) const {
    auto found = std::ranges::find_if(pinned_, [&](const auto& key) { return is_of(key, host); });
    return found == pinned_.end() ? nullptr : &*found;
}

asio::awaitable<bool> KnownHosts::is_known_to_machine(const SshHost& host) const {
    std::error_code error;
    if (!fs::exists(machine_, error)) co_return false;
    // Its names may be hashed, so ssh's own program looks them up.
    auto found = co_await process::run_command(
        ssh_tool("ssh-keygen", {"-F", known_hosts_name(host), "-f", machine_.string()}));
    co_return found && found->status.success();
}

result<> KnownHosts::write(const SshHost& host, bool with_host) {
    std::error_code error;
    fs::create_directories(file_.parent_path(), error);
    std::string text;
    auto add = [&](const HostKey& key) {
        if (with_host || !is_of(key, host))
            text += fmt::format("{} {} {}\n", known_hosts_name({key.hostname, key.port}),
                                key.key_type, key.public_key);
    };
    std::ranges::for_each(pinned_, add);
    std::ranges::for_each(told_, add);
    std::ranges::for_each(noted_, add);
    return write_file_atomically(file_, text, 0600);
}

asio::awaitable<result<std::vector<std::string>>> KnownHosts::options_for(SshHost host) {
    read_noted();
    bool machines = co_await is_known_to_machine(host);
    MW_CO_CHECK(write(host, !machines));
    bool required = !machines && find_pinned(host);
    co_return std::vector<std::string>{
        fmt::format("-oStrictHostKeyChecking={}", required ? "yes" : "accept-new"),
        fmt::format("-oUserKnownHostsFile=\"{}\"", file_.string()),
        fmt::format("-oGlobalKnownHostsFile=\"{0}\" \"{0}2\"", machine_.string()),
        // What it notes is read again.
        "-oHashKnownHosts=no", "-oCheckHostIP=no", "-oUpdateHostKeys=no",
        "-oFingerprintHash=sha256"};
}

void KnownHosts::read_noted() {
    auto text = read_file(file_, kMostBytes);
    if (!text) return;
    for (auto& key : read_known_hosts(*text)) {
        auto is_this = [&](const HostKey& known) { return is_same(known, key); };
        bool is_known = std::ranges::any_of(pinned_, is_this) ||
                        std::ranges::any_of(told_, is_this) || std::ranges::any_of(noted_, is_this);
        if (!is_known) noted_.push_back(std::move(key));
    }
}

std::vector<HostKey> KnownHosts::take_seen() {
    read_noted();
    std::ranges::copy(noted_, std::back_inserter(told_));
    return std::exchange(noted_, {});
}

asio::awaitable<std::string> KnownHosts::explain(SshHost host, std::string words) {
    if (words.find("Host key verification failed") == words.npos) co_return std::string();
    auto offered = offered_fingerprint(words);
    // Where it shows a key of another type, ssh does not say which.
    if (offered.empty()) offered = co_await fingerprints_of(host);
    if (offered.empty()) offered = "one that could not be read";
    auto pinned = find_pinned(host);
    if (!pinned || co_await is_known_to_machine(host))
        co_return fmt::format(
            "The SSH host {} has the key {}, which is not the one that this machine has for it in "
            "{}.",
            to_text(host), offered, machine_.string());
    co_return fmt::format(
        "The SSH host {} has another key than it had: {} instead of {} ({}). If its owner has "
        "changed it, forget the old one in the account's settings, under Repositories, SSH host "
        "keys, and the next run takes the new one. Otherwise somebody may be posing as that host.",
        to_text(host), offered, crypto::ssh_fingerprint(pinned->public_key), pinned->key_type);
}

}  // namespace mw::runner
