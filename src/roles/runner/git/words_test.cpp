#include "roles/runner/git/words.hpp"

#include <gtest/gtest.h>

namespace mw::runner {
namespace {

RepositorySpec repository() {
    return {.remote_url = "https://git.example.com/shop.git",
            .git_branch = "release",
            .git_sha = "abc1234",
            .project_subdirectory = ""};
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
        {"fatal: something that nobody has seen before", "The repository could not be fetched."},
        {"", "The repository could not be fetched."},
    };
    for (auto [words, sentence] : cases)
        EXPECT_EQ(explain_git_failure(words, repository()), sentence) << words;
}

}  // namespace
}  // namespace mw::runner
