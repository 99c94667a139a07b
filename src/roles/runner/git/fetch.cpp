#include "roles/runner/git/fetch.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <vector>

#include "base/files.hpp"
#include "infra/process/line_reader.hpp"
#include "infra/process/process.hpp"
#include "roles/runner/git/remote.hpp"
#include "roles/runner/git/words.hpp"
#include "roles/runner/network/relay.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kLimit = 30min;
constexpr auto kGrace = 2s;
constexpr std::size_t kMostLineBytes = 64UL * 1024;
// Enough of git's words to know what they mean.
constexpr std::size_t kMostKeptBytes = 16UL * 1024;

constexpr std::string_view kConfig = R"([protocol]
	allow = never
[protocol "file"]
	allow = always
[protocol "https"]
	allow = always
[protocol "http"]
	allow = always
[protocol "ssh"]
	allow = always
[protocol "git"]
	allow = always
[core]
	hooksPath = /dev/null
	fsmonitor = false
[init]
	defaultBranch = main
[advice]
	detachedHead = false
[gc]
	auto = 0
[maintenance]
	auto = false
[submodule]
	recurse = false
[http]
	lowSpeedLimit = 1000
	lowSpeedTime = 60
)";

std::string quoted(const fs::path& path) {
    std::string text = "\"";
    for (char c : path.string()) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + "\"";
}

// git serves a local repository of another system user only when it is named as safe.
std::string safe_directories(const std::string& local_path) {
    if (local_path.empty() || local_path.find('\n') != std::string::npos) return {};
    std::vector<fs::path> folders;
    auto add = [&](const fs::path& folder) {
        if (std::find(folders.begin(), folders.end(), folder) == folders.end())
            folders.push_back(folder);
    };
    // The URL may leave out ".git", and name a work tree; git compares the resolved path.
    fs::path path = fs::path(local_path).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    for (const auto& base : {path, fs::path(path.string() + ".git")})
        for (const auto& folder : {base, base / ".git"}) {
            std::error_code ignored;
            add(folder);
            add(fs::weakly_canonical(folder, ignored));
        }
    std::string config = "[safe]\n";
    for (const auto& folder : folders)
        config += "\tdirectory = " + quoted(folder) + "\n";
    return config;
}

result<> write_config(const Workspace& workspace, const GitRemote& remote) {
    auto config = std::string(kConfig) + safe_directories(remote.local_path);
    if (!remote.credential.empty()) {
        auto file = workspace.root() / "git-credentials";
        MW_CHECK(write_file_atomically(file, remote.credential + "\n", 0600));
        config += "[credential]\n\thelper = store --file=" + file.string() + "\n";
    }
    return write_file_atomically(workspace.home() / ".gitconfig", config, 0600);
}

fs::path deploy_key_file(const Workspace& workspace) {
    return workspace.home() / ".ssh" / "deploy_key";
}

result<> write_deploy_key(const Workspace& workspace, const std::string& key) {
    if (key.empty()) return {};
    auto file = deploy_key_file(workspace);
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    fs::permissions(file.parent_path(), fs::perms::owner_all, error);
    return write_file_atomically(file, key, 0600);
}

// git splits it as a shell does, so the workspace's path must hold nothing that a shell reads; a
// host that the machine knows (/etc/ssh/ssh_known_hosts) must be the one it knows.
std::string ssh_command(const Workspace& workspace) {
    auto command = fmt::format(
        "ssh -oBatchMode=yes -oConnectTimeout=15 -oStrictHostKeyChecking=accept-new "
        "-oUserKnownHostsFile='{}'",
        (workspace.home() / ".ssh" / "known_hosts").string());
    std::error_code ignored;
    auto key = deploy_key_file(workspace);
    if (fs::exists(key, ignored))
        command += fmt::format(" -oIdentitiesOnly=yes -oIdentityFile='{}'", key.string());
    return command;
}

class Git {
  public:
    // `token` opens the workers' API, for a repository that is fetched from there.
    Git(const Workspace& workspace, Secret token, StepLog log, Stop& stop)
        : workspace_(workspace), token_(std::move(token)), log_(log), stop_(stop) {}

    // Runs git; its words go to the log line by line. False: it failed, see `words`.
    asio::awaitable<result<bool>> run(std::vector<std::string> args) {
        return start(std::move(args), true);
    }
    // The same with its words kept from the log, for questions.
    asio::awaitable<result<bool>> ask(std::vector<std::string> args) {
        return start(std::move(args), false);
    }
    // What the last command printed.
    const std::string& words() const { return words_; }

  private:
    asio::awaitable<result<bool>> start(std::vector<std::string> args, bool logged);
    asio::awaitable<process::ExitStatus> pump(process::Process& git, bool logged);
    process::Environment environment() const;

    const Workspace& workspace_;
    Secret token_;
    StepLog log_;
    Stop& stop_;
    std::string words_;
};

process::Environment Git::environment() const {
    const char* path = std::getenv("PATH");
    process::Environment environment{
        {"PATH", path && *path ? path : "/usr/local/bin:/usr/bin:/bin"},
        {"HOME", workspace_.home().string()},
        {"TMPDIR", workspace_.tmp().string()},
        {"LANG", "C.UTF-8"},
        {"LC_ALL", "C.UTF-8"},
        {"GIT_CONFIG_NOSYSTEM", "1"},
        {"GIT_CONFIG_GLOBAL", (workspace_.home() / ".gitconfig").string()},
        {"GIT_TERMINAL_PROMPT", "0"},
        {"GIT_SSH_COMMAND", ssh_command(workspace_)},
        {"GIT_SSH_VARIANT", "ssh"}};
    if (token_.empty()) return environment;
    // Not in a file, where a project's code would find it, nor in an argv.
    environment["GIT_CONFIG_COUNT"] = "1";
    environment["GIT_CONFIG_KEY_0"] = "http.extraHeader";
    environment["GIT_CONFIG_VALUE_0"] = "Authorization: Bearer " + token_.reveal();
    return environment;
}

asio::awaitable<process::ExitStatus> Git::pump(process::Process& git, bool logged) {
    process::LineReader lines(git.out(), kMostLineBytes);
    while (auto line = co_await lines.next()) {
        if (line->cut) line->text = log_.shipper().scrubber().scrub(line->text, true);
        if (logged) log_.info(line->text);
        if (words_.size() < kMostKeptBytes) words_ += line->text + "\n";
    }
    co_return co_await git.async_wait();
}

asio::awaitable<result<bool>> Git::start(std::vector<std::string> args, bool logged) {
    using asio::experimental::awaitable_operators::operator||;
    auto executor = co_await asio::this_coro::executor;
    words_.clear();
    args.insert(args.begin(), {"-c", "protocol.ext.allow=never"});
    process::SpawnOptions options;
    options.program = "git";
    options.args = std::move(args);
    options.environment = environment();
    options.cwd = workspace_.root();
    options.out = process::Stdio::pipe();
    options.err = process::Stdio::merge();
    options.group = process::Group::own_session;
    options.death_signal = SIGKILL;
    MW_CO_TRY(auto git, process::Process::spawn(executor, std::move(options)));
    asio::steady_timer limit(executor, kLimit);
    auto first = co_await (pump(git, logged) || stop_.wait_requested() ||
                           limit.async_wait(asio::use_awaitable));
    if (first.index() == 0) co_return std::get<0>(first).success();
    co_await git.terminate(kGrace);
    if (first.index() == 1) co_return fail(Errc::cancelled, stop_.message());
    co_return fail(Errc::timeout, "git did not finish within 30 minutes.");
}

bool is_full_sha(std::string_view text) {
    return (text.size() == 40 || text.size() == 64) &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c); });
}

// One commit by its id. A server that gives out only the tips of branches is asked for all of
// them; so is one for an id that was shortened.
asio::awaitable<result<bool>> fetch_commit(Git& git, const RepositorySpec& repository,
                                           const std::string& url, StepLog log) {
    MW_CO_TRY(bool ready, co_await git.run({"init", "--quiet", "--template=", "repository"}));
    if (!ready) co_return false;
    MW_CO_TRY(ready, co_await git.run({"-C", "repository", "remote", "add", "--", "origin", url}));
    if (!ready) co_return false;
    bool fetched = false;
    if (is_full_sha(repository.git_sha)) {
        log.info("Fetching commit " + repository.git_sha);
        MW_CO_TRY(fetched, co_await git.ask({"-C", "repository", "fetch", "--no-tags", "--depth=1",
                                             "origin", repository.git_sha}));
    }
    if (!fetched) {
        log.info("Fetching all branches and tags");
        MW_CO_TRY(fetched, co_await git.run({"-C", "repository", "fetch", "--quiet", "--tags",
                                             "origin", "+refs/heads/*:refs/remotes/origin/*"}));
    }
    if (!fetched) co_return false;
    MW_CO_TRY(bool known, co_await git.ask({"-C", "repository", "rev-parse", "--verify",
                                            "--end-of-options", repository.git_sha + "^{commit}"}));
    if (!known) {
        log.info(git.words());
        co_return false;
    }
    auto sha = git.words().substr(0, git.words().find('\n'));
    co_return co_await git.run({"-C", "repository", "checkout", "--quiet", "--detach", sha});
}

asio::awaitable<result<bool>> clone_branch(Git& git, const RepositorySpec& repository,
                                           const std::string& url) {
    std::vector<std::string> args{"clone",      "--no-tags",   "--depth=1",
                                  "--no-local", "--template=", "--no-recurse-submodules"};
    if (!repository.git_branch.empty()) args.push_back("--branch=" + repository.git_branch);
    args.insert(args.end(), {"--", url, "repository"});
    return git.run(std::move(args));
}

// The branch that the remote's HEAD names; empty when it says nothing.
asio::awaitable<result<std::string>> default_branch(Git& git) {
    constexpr std::string_view kMark = "ref: refs/heads/";
    MW_CO_TRY(bool asked,
              co_await git.ask({"-C", "repository", "ls-remote", "--symref", "origin", "HEAD"}));
    auto at = git.words().find(kMark);
    if (!asked || at == std::string::npos) co_return std::string();
    auto name = git.words().substr(at + kMark.size());
    co_return name.substr(0, name.find('\t'));
}

asio::awaitable<result<Checkout>> describe_checkout(Git& git, const RepositorySpec& repository) {
    constexpr std::string_view kBranch = "refs/heads/";
    // Two lines: the commit, and the branch; "HEAD" when there is none.
    MW_CO_TRY(bool known, co_await git.ask({"-C", "repository", "rev-parse", "HEAD",
                                            "--symbolic-full-name", "HEAD"}));
    if (!known)
        co_return fail(Errc::not_found,
                       explain_git_failure("ambiguous argument 'HEAD'", repository));
    const auto& words = git.words();
    auto end_of_sha = words.find('\n');
    Checkout checkout{.sha = words.substr(0, end_of_sha), .branch = repository.git_branch};
    if (!checkout.branch.empty()) co_return checkout;
    if (!repository.git_sha.empty()) {
        MW_CO_TRY(checkout.branch, co_await default_branch(git));
    } else if (auto at = words.find(kBranch); at == end_of_sha + 1) {
        at += kBranch.size();
        checkout.branch = words.substr(at, words.find('\n', at) - at);
    }
    co_return checkout;
}

}  // namespace

asio::awaitable<result<Checkout>> fetch_repository(RepositorySpec repository,
                                                   const Workspace& workspace, WorkersApi api,
                                                   StepLog log, Stop& stop) {
    std::optional<Relay> relay;
    if (repository.managed) {
        MW_CO_TRY(relay, Relay::open(co_await asio::this_coro::executor, std::move(api.socket)));
        repository.remote_url = relay->url("/internal/v1/run/repository");
    }
    auto remote = split_remote(repository.remote_url);
    MW_CO_CHECK(write_config(workspace, remote));
    MW_CO_CHECK(write_deploy_key(workspace, repository.deploy_key));
    Git git(workspace, repository.managed ? std::move(api.token) : Secret(), log, stop);
    bool by_commit = !repository.git_sha.empty();
    auto fetched = by_commit ? co_await fetch_commit(git, repository, remote.url, log)
                             : co_await clone_branch(git, repository, remote.url);
    if (!fetched) co_return fail(std::move(fetched).error());
    if (!*fetched)
        co_return fail(Errc::upstream_failed, explain_git_failure(git.words(), repository));
    MW_CO_TRY(auto checkout, co_await describe_checkout(git, repository));
    log.info(checkout.branch.empty() ? fmt::format("Checked out commit {}", checkout.sha)
                                     : fmt::format("Checked out commit {} of branch {}",
                                                   checkout.sha, checkout.branch));
    co_return checkout;
}

}  // namespace mw::runner
