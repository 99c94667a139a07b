// The `git` program, as a run uses it: no prompts, no hooks, and no configuration but the one that
// is written here (HOME/.gitconfig, which `dbt deps` reads as well).
//
// A password reaches git through its credential file, a token through its environment; neither
// stands in an argv. Errors: `cancelled` when the run was stopped meanwhile, git is gone then;
// `timeout`. That git itself failed is not an error here: see `words`.
// Thread: one io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "infra/process/process.hpp"
#include "roles/runner/git/remote.hpp"
#include "roles/runner/git/source.hpp"
#include "roles/runner/network/known_hosts.hpp"
#include "roles/runner/report/step_log.hpp"
#include "roles/runner/stop.hpp"
#include "roles/runner/workspace.hpp"

namespace mw::runner {

// Once a run. `deploy_key` may be empty.
result<> write_git_config(const Workspace& workspace, const GitRemote& remote,
                          const std::string& deploy_key);
// What another remote of the run needs besides: its credential, and leave to read its folder.
result<> add_remote(const Workspace& workspace, const GitRemote& remote);

// A value of git's configuration, in quotes.
std::string quoted_for_git(const std::string& value);

class Git {
  public:
    // What all of a run's fetches have in common.
    struct Setting {
        const Workspace& workspace;
        KnownHosts& hosts;
        StepLog log;
        Stop& stop;
    };
    // For what comes from one address.
    static boost::asio::awaitable<result<Git>> open(Setting setting, std::string url);

    // Opens the workers' API, for a repository that is fetched from there; empty: it is not.
    void set_token(const Secret& token) {
        authorization_ = token.empty() ? Secret() : Secret("Bearer " + token.reveal());
    }
    // For the host of this address alone, before what its credential file says.
    void set_login(const std::string& username, const Secret& password);
    // Files are read by whoever may fetch from files.
    void forbid_files() { may_read_files_ = false; }
    // Held by what is started from now on, too. -1: none.
    void hold(int fd) { held_ = fd; }

    // Runs git in the workspace; its words go to the log line by line. False: it failed.
    boost::asio::awaitable<result<bool>> run(std::vector<std::string> args);
    // The same with its words kept from the log, for questions.
    boost::asio::awaitable<result<bool>> ask(std::vector<std::string> args);
    // Another program in the same way, without words.
    boost::asio::awaitable<result<bool>> run_program(std::string program,
                                                     std::vector<std::string> args);
    // What the last command printed.
    const std::string& words() const { return words_; }
    // Its first line.
    std::string first_word_line() const;
    void log_words() const;

    // What they mean, in one plain sentence.
    boost::asio::awaitable<std::string> explain(const Source& source) const;

    const Setting& setting() const { return setting_; }

  private:
    Git(Setting setting, std::string url) : setting_(setting), url_(std::move(url)) {}
    boost::asio::awaitable<result<bool>> start(std::string program, std::vector<std::string> args,
                                               bool logged);
    boost::asio::awaitable<process::ExitStatus> pump(process::Process& git, bool logged);
    process::Environment environment() const;

    Setting setting_;
    std::string url_;
    std::vector<std::string> ssh_options_;
    Secret authorization_;        // of each request; empty: none
    std::string authorized_url_;  // empty: wherever git goes
    bool may_read_files_ = true;
    int held_ = -1;
    std::string words_;
};

}  // namespace mw::runner
