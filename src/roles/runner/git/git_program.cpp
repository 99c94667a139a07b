#include "roles/runner/git/git_program.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdlib>

#include "base/files.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/process/line_reader.hpp"
#include "roles/runner/git/words.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kLimit = 30min;
constexpr auto kGrace = 2s;
constexpr std::size_t kMostLineBytes = 64UL * 1024;
// Enough of git's words to know what they mean, and to read a list of submodules.
constexpr std::size_t kMostKeptBytes = 256UL * 1024;
constexpr std::size_t kMostConfigBytes = 256UL * 1024;
constexpr int kHeldFd = 3;

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
        config += "\tdirectory = " + quoted_for_git(folder.string()) + "\n";
    return config;
}

fs::path credential_file(const Workspace& workspace) {
    return workspace.root() / "git-credentials";
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

// git splits it as a shell does, so the workspace's path must hold nothing that a shell reads.
std::string ssh_command(const Workspace& workspace, const std::vector<std::string>& options) {
    std::string command = "ssh -oBatchMode=yes -oConnectTimeout=15";
    for (const auto& option : options)
        command += fmt::format(" '{}'", option);
    std::error_code ignored;
    auto key = deploy_key_file(workspace);
    if (fs::exists(key, ignored))
        command += fmt::format(" -oIdentitiesOnly=yes -oIdentityFile='{}'", key.string());
    return command;
}

}  // namespace

std::string quoted_for_git(const std::string& value) {
    std::string text = "\"";
    for (char c : value) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + "\"";
}

result<> write_git_config(const Workspace& workspace, const GitRemote& remote,
                          const std::string& deploy_key) {
    auto file = credential_file(workspace);
    auto credential = remote.credential.empty() ? std::string() : remote.credential + "\n";
    MW_CHECK(write_file_atomically(file, credential, 0600));
    auto config = fmt::format("{}{}[credential]\n\thelper = store --file={}\n", kConfig,
                              safe_directories(remote.local_path), file.string());
    MW_CHECK(write_deploy_key(workspace, deploy_key));
    return write_file_atomically(workspace.home() / ".gitconfig", config, 0600);
}

result<> add_remote(const Workspace& workspace, const GitRemote& remote) {
    auto append = [](const fs::path& file, const std::string& more) -> result<> {
        if (more.empty()) return {};
        MW_TRY(auto text, read_file(file, kMostConfigBytes));
        return write_file_atomically(file, text + more, 0600);
    };
    // Of two for a host the first is taken: the repository's own.
    auto credential = remote.credential.empty() ? std::string() : remote.credential + "\n";
    MW_CHECK(append(credential_file(workspace), credential));
    return append(workspace.home() / ".gitconfig", safe_directories(remote.local_path));
}

asio::awaitable<result<Git>> Git::open(Setting setting, std::string url) {
    Git git(setting, std::move(url));
    if (auto host = ssh_host_of(git.url_)) {
        MW_CO_TRY(git.ssh_options_, co_await setting.hosts.options_for(*host));
    }
    co_return git;
}

void Git::set_login(const std::string& username, const Secret& password) {
    authorization_ =
        Secret("Basic " + crypto::base64_encode(fmt::format("{}:{}", username, password.reveal())));
    authorized_url_ = url_;
}

asio::awaitable<result<bool>> Git::run(std::vector<std::string> args) {
    return start("git", std::move(args), true);
}

asio::awaitable<result<bool>> Git::ask(std::vector<std::string> args) {
    return start("git", std::move(args), false);
}

asio::awaitable<result<bool>> Git::run_program(std::string program, std::vector<std::string> args) {
    return start(std::move(program), std::move(args), false);
}

std::string Git::first_word_line() const {
    return words_.substr(0, words_.find('\n'));
}

void Git::log_words() const {
    std::string_view rest = words_;
    while (!rest.empty()) {
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        setting_.log.info(line);
    }
}

asio::awaitable<std::string> Git::explain(const Source& source) const {
    if (auto host = ssh_host_of(url_)) {
        auto sentence = co_await setting_.hosts.explain(*host, words_);
        if (!sentence.empty()) co_return sentence;
    }
    co_return explain_git_failure(words_, source);
}

process::Environment Git::environment() const {
    const auto& workspace = setting_.workspace;
    const char* path = std::getenv("PATH");
    process::Environment environment{
        {"PATH", path && *path ? path : "/usr/local/bin:/usr/bin:/bin"},
        {"HOME", workspace.home().string()},
        {"TMPDIR", workspace.tmp().string()},
        {"LANG", "C.UTF-8"},
        {"LC_ALL", "C.UTF-8"},
        {"GIT_CONFIG_NOSYSTEM", "1"},
        {"GIT_CONFIG_GLOBAL", (workspace.home() / ".gitconfig").string()},
        {"GIT_TERMINAL_PROMPT", "0"},
        {"GIT_SSH_COMMAND", ssh_command(workspace, ssh_options_)},
        {"GIT_SSH_VARIANT", "ssh"}};
    if (!may_read_files_) environment["GIT_ALLOW_PROTOCOL"] = "https:http:ssh:git";
    if (authorization_.empty()) return environment;
    // Not in a file, where a project's code would find it, nor in an argv.
    environment["GIT_CONFIG_COUNT"] = "1";
    environment["GIT_CONFIG_KEY_0"] = authorized_url_.empty()
                                          ? "http.extraHeader"
                                          : fmt::format("http.{}.extraHeader", authorized_url_);
    environment["GIT_CONFIG_VALUE_0"] = "Authorization: " + authorization_.reveal();
    return environment;
}

asio::awaitable<process::ExitStatus> Git::pump(process::Process& git, bool logged) {
    process::LineReader lines(git.out(), kMostLineBytes);
    while (auto line = co_await lines.next()) {
        const auto& log = setting_.log;
        if (line->cut) line->text = log.shipper().scrubber().scrub(line->text, true);
        if (logged) log.info(line->text);
        if (words_.size() < kMostKeptBytes) words_ += line->text + "\n";
    }
    co_return co_await git.async_wait();
}

asio::awaitable<result<bool>> Git::start(std::string program, std::vector<std::string> args,
                                         bool logged) {
    using asio::experimental::awaitable_operators::operator||;
    auto executor = co_await asio::this_coro::executor;
    words_.clear();
    process::SpawnOptions options;
    if (program == "git") args.insert(args.begin(), {"-c", "protocol.ext.allow=never"});
    options.program = std::move(program);
    options.args = std::move(args);
    options.environment = environment();
    options.cwd = setting_.workspace.root();
    options.out = process::Stdio::pipe();
    options.err = process::Stdio::merge();
    options.group = process::Group::own_session;
    options.death_signal = SIGKILL;
    if (held_ >= 0) options.inherit = {{held_, kHeldFd}};
    MW_CO_TRY(auto git, process::Process::spawn(executor, std::move(options)));
    asio::steady_timer limit(executor, kLimit);
    auto& stop = setting_.stop;
    auto first = co_await (pump(git, logged) || stop.wait_requested() ||
                           limit.async_wait(asio::use_awaitable));
    if (first.index() == 0) co_return std::get<0>(first).success();
    co_await git.terminate(kGrace);
    if (first.index() == 1) co_return fail(Errc::cancelled, stop.message());
    co_return fail(Errc::timeout, "git did not finish within 30 minutes.");
}

}  // namespace mw::runner
