#include "roles/runner/git/words.hpp"

#include <fmt/format.h>

#include <array>

namespace mw::runner {
namespace {

struct Sign {
    std::string_view words;
    std::string_view sentence;  // {branch} and {sha} are filled in
};

// The first that occurs decides, so the precise ones come first.
constexpr std::array kSigns{
    Sign{"Could not find remote branch", "The repository has no branch \"{branch}\"."},
    Sign{"Remote branch", "The repository has no branch \"{branch}\"."},
    Sign{"not our ref", "The repository has no commit \"{sha}\"."},
    Sign{"unadvertised object", "The repository has no commit \"{sha}\"."},
    Sign{"couldn't find remote ref", "The repository has no commit \"{sha}\"."},
    Sign{"bad object", "The repository has no commit \"{sha}\"."},
    Sign{"unknown revision", "The repository has no commit \"{sha}\"."},
    Sign{"Needed a single revision", "The repository has no commit \"{sha}\"."},
    Sign{"ambiguous argument 'HEAD'",
         "The repository is empty, or its default branch does not exist: name a branch in the "
         "environment."},
    Sign{"Could not resolve host", "The repository's host name cannot be resolved."},
    Sign{"Connection refused", "The repository's host cannot be reached."},
    Sign{"Couldn't connect to server", "The repository's host cannot be reached."},
    Sign{"unable to connect to", "The repository's host cannot be reached."},
    Sign{"No route to host", "The repository's host cannot be reached."},
    Sign{"timed out", "The repository's host does not answer."},
    Sign{"could not read Username",
         "The repository asks for a user name and password, and the project has none for it."},
    Sign{"could not read Password",
         "The repository asks for a password, and the project has none for it."},
    Sign{"Authentication failed", "The repository refuses the user name and password."},
    Sign{"Permission denied (publickey",
         "The repository refuses the SSH key, or the project has none for it."},
    Sign{"Host key verification failed", "The SSH host key of the repository is not known."},
    Sign{"certificate", "The certificate of the repository's host is not trusted."},
    Sign{"transport '", "The repository's URL uses a transport that is not allowed."},
    Sign{"dubious ownership", "The repository belongs to a system user whom git does not trust."},
    Sign{"Permission denied", "Millwright's system user may not read the repository."},
    Sign{"does not appear to be a git repository", "There is no git repository at this URL."},
    Sign{"does not exist", "There is no git repository at this URL."},
    Sign{"not found", "There is no git repository at this URL."},
    Sign{"No space left", "The disk is full."},
};

void fill(std::string& text, std::string_view mark, std::string_view value) {
    if (auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), value);
}

}  // namespace

std::string explain_git_failure(std::string_view output, const RepositorySpec& repository) {
    for (const auto& sign : kSigns) {
        if (output.find(sign.words) == std::string_view::npos) continue;
        std::string sentence(sign.sentence);
        fill(sentence, "{branch}", repository.git_branch);
        fill(sentence, "{sha}", repository.git_sha);
        return sentence;
    }
    return "The repository could not be fetched.";
}

}  // namespace mw::runner
