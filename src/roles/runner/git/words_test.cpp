#include "roles/runner/git/words.hpp"

#include <gtest/gtest.h>

namespace mw::runner {
namespace {

Source repository() {
    return {.url = "https://git.example.com/shop.git",
            .branch = "release",
            .sha = "abc1234",
            .folder = "repository"};
}

TEST(GitWords, BecomeOneSentence) {
    const std::pair<const char*, const char*> cases[] = {
        {"fatal: Remote branch release not found in upstream origin",
         "The repository has no branch \"release\"."},
        {"fatal: remote error: upload-pack: not our ref 012",
         "The repository has no commit \"abc1234\"."},
        {"fatal: could not read Username for 'https://git.example.com': terminal prompts disabled",
         "The repository asks for a user name and password, and the project has none for it."},
        {"git@git.example.com: Permission denied (publickey).",
         "The repository refuses the SSH key, or the project has none for it."},
        {"remote: Repository not found.\nfatal: repository 'https://x/' not found",
         "There is no git repository at this URL."},
        {"fatal: unable to access 'https://x/': Could not resolve host: x",
         "The repository's host name cannot be resolved."},
        {"fatal: couldn't find remote ref refs/heads/release",
         "The repository has no branch \"release\"."},
        {"fatal: unable to access 'https://x/': The requested URL returned error: 503",
         "The repository's host does not work at the moment."},
        {"fatal: something that nobody has seen before", "The repository could not be fetched."},
        {"", "The repository could not be fetched."},
    };
    for (auto [words, sentence] : cases)
        EXPECT_EQ(explain_git_failure(words, repository()), sentence) << words;
}

TEST(GitWords, TellWhoIsAwayFromWhoRefuses) {
    for (auto words : {"ssh: connect to host h port 22: Connection refused\n"
                       "fatal: Could not read from remote repository.",
                       "fatal: unable to access 'https://x/': Could not resolve host: x",
                       "fatal: unable to access 'https://x/': Failed to connect to x port 443",
                       "error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502",
                       "kex_exchange_identification: Connection closed by remote host"})
        EXPECT_EQ(trouble_of(words), GitTrouble::away) << words;
    for (auto words :
         {"git@h: Permission denied (publickey).\nfatal: Could not read from remote "
          "repository.",
          "fatal: Authentication failed for 'https://h/x/'",
          "fatal: could not read Username for 'https://h': terminal prompts disabled",
          "Host key verification failed.\nfatal: Could not read from remote",
          "fatal: couldn't find remote ref refs/heads/release",
          "server certificate verification failed. CAfile: none",
          "fatal: unable to access 'https://h/': The requested URL returned error: 403"})
        EXPECT_EQ(trouble_of(words), GitTrouble::answered) << words;
    for (auto words : {"fatal: bad object refs/tips/a", "", "error: object file is empty",
                       "fatal: repository 'https://x/' not found"})
        EXPECT_EQ(trouble_of(words), GitTrouble::unclear) << words;
}

}  // namespace
}  // namespace mw::runner
