#include "roles/runner/git/direct.hpp"

#include <algorithm>
#include <cctype>

#include "roles/runner/git/words.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;

// One commit by its id. A server that gives out only the tips of branches is asked for all of
// them; so is one for an id that was shortened.
asio::awaitable<result<bool>> fetch_commit(Git& git, const Source& source) {
    const auto& log = git.setting().log;
    const auto& folder = source.folder;
    MW_CO_TRY(bool ready, co_await git.run({"init", "--quiet", "--template=", "--", folder}));
    if (!ready) co_return false;
    MW_CO_TRY(ready, co_await git.run({"-C", folder, "remote", "add", "--", "origin", source.url}));
    if (!ready) co_return false;
    bool fetched = false;
    if (is_full_sha(source.sha)) {
        log.info("Fetching commit " + source.sha);
        MW_CO_TRY(fetched, co_await git.ask({"-C", folder, "fetch", "--no-tags", "--depth=1",
                                             "origin", source.sha}));
        // Asking it for more would take as long again.
        if (!fetched && trouble_of(git.words()) == GitTrouble::away) {
            git.log_words();
            co_return false;
        }
    }
    if (!fetched) {
        log.info("Fetching all branches and tags");
        MW_CO_TRY(fetched, co_await git.run({"-C", folder, "fetch", "--quiet", "--tags", "origin",
                                             "+refs/heads/*:refs/remotes/origin/*"}));
    }
    if (!fetched) co_return false;
    MW_CO_TRY(bool known, co_await git.ask({"-C", folder, "rev-parse", "--verify",
                                            "--end-of-options", source.sha + "^{commit}"}));
    if (!known) {
        git.log_words();
        co_return false;
    }
    auto sha = git.first_word_line();
    co_return co_await git.run({"-C", folder, "checkout", "--quiet", "--detach", sha});
}

asio::awaitable<result<bool>> clone_branch(Git& git, const Source& source) {
    std::vector<std::string> args{"clone",      "--no-tags",   "--depth=1",
                                  "--no-local", "--template=", "--no-recurse-submodules"};
    if (!source.branch.empty()) args.push_back("--branch=" + source.branch);
    args.insert(args.end(), {"--", source.url, source.folder});
    return git.run(std::move(args));
}

asio::awaitable<result<Found>> describe_checkout(Git& git, const Source& source) {
    constexpr std::string_view kBranch = "refs/heads/";
    // Two lines: the commit, and the branch; "HEAD" when there is none.
    MW_CO_TRY(bool known, co_await git.ask({"-C", source.folder, "rev-parse", "HEAD",
                                            "--symbolic-full-name", "HEAD"}));
    if (!known)
        co_return fail(Errc::not_found, explain_git_failure("ambiguous argument 'HEAD'", source));
    const auto& words = git.words();
    auto end_of_sha = words.find('\n');
    Found found{.sha = words.substr(0, end_of_sha), .branch = source.branch};
    if (!found.branch.empty()) co_return found;
    if (!source.sha.empty()) {
        MW_CO_TRY(auto head, co_await ask_for_head(git, source.url));
        if (head) found.branch = head->branch;
    } else if (auto at = words.find(kBranch); at == end_of_sha + 1) {
        at += kBranch.size();
        found.branch = words.substr(at, words.find('\n', at) - at);
    }
    co_return found;
}

}  // namespace

bool is_full_sha(std::string_view text) {
    return (text.size() == 40 || text.size() == 64) &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

asio::awaitable<result<std::optional<RemoteHead>>> ask_for_head(Git& git, const std::string& url) {
    constexpr std::string_view kMark = "ref: refs/heads/";
    MW_CO_TRY(bool asked, co_await git.ask({"ls-remote", "--symref", "--", url, "HEAD"}));
    if (!asked) co_return std::nullopt;
    RemoteHead head;
    const auto& words = git.words();
    if (auto at = words.find(kMark); at != words.npos) {
        at += kMark.size();
        head.branch = words.substr(at, words.find('\t', at) - at);
    }
    // "<sha>\tHEAD", among what ssh may have to say.
    for (std::size_t begin = 0; begin < words.size();) {
        auto end = std::min(words.find('\n', begin), words.size());
        auto line = std::string_view(words).substr(begin, end - begin);
        auto tab = line.find('\t');
        if (tab != line.npos && line.substr(tab + 1) == "HEAD" && is_full_sha(line.substr(0, tab)))
            head.sha = line.substr(0, tab);
        begin = end + 1;
    }
    co_return head;
}

asio::awaitable<result<Found>> fetch_directly(Git& git, const Source& source) {
    auto fetched = source.sha.empty() ? co_await clone_branch(git, source)
                                      : co_await fetch_commit(git, source);
    if (!fetched) co_return fail(std::move(fetched).error());
    if (!*fetched) co_return fail(Errc::upstream_failed, co_await git.explain(source));
    co_return co_await describe_checkout(git, source);
}

}  // namespace mw::runner
