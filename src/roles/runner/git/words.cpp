#include "roles/runner/git/words.hpp"

#include <fmt/format.h>

#include <array>

namespace mw::runner {
namespace {

struct Sign {
    std::string_view words;
    std::string_view sentence;  // {branch} and {sha} are filled in
    GitTrouble trouble = GitTrouble::unclear;
};

constexpr auto kAway = GitTrouble::away;
constexpr auto kAnswered = GitTrouble::answered;

// The first that occurs decides, so the precise ones come first.
constexpr std::array kSigns{
    Sign{"Could not find remote branch", "The repository has no branch \"{branch}\".", kAnswered},
    Sign{"Remote branch", "The repository has no branch \"{branch}\".", kAnswered},
    Sign{"not our ref", "The repository has no commit \"{sha}\"."},
    Sign{"unadvertised object", "The repository has no commit \"{sha}\"."},
    Sign{"couldn't find remote ref refs/", "The repository has no branch \"{branch}\".", kAnswered},
    Sign{"couldn't find remote ref", "The repository has no commit \"{sha}\".", kAnswered},
    Sign{"bad object", "The repository has no commit \"{sha}\"."},
    Sign{"unknown revision", "The repository has no commit \"{sha}\"."},
    Sign{"Needed a single revision", "The repository has no commit \"{sha}\"."},
    Sign{"ambiguous argument 'HEAD'",
         "The repository is empty, or its default branch does not exist: name a branch in the "
         "environment."},
    Sign{"could not read Username",
         "The repository asks for a user name and password, and the project has none for it.",
         kAnswered},
    Sign{"could not read Password",
         "The repository asks for a password, and the project has none for it.", kAnswered},
    Sign{"Authentication failed", "The repository refuses the user name and password.", kAnswered},
    Sign{"Permission denied (publickey",
         "The repository refuses the SSH key, or the project has none for it.", kAnswered},
    Sign{"Host key verification failed", "The SSH host key of the repository is not known.",
         kAnswered},
    Sign{"certificate", "The certificate of the repository's host is not trusted.", kAnswered},
    Sign{"returned error: 403", "The repository's host forbids reading it.", kAnswered},
    Sign{"transport '", "The repository's URL uses a transport that is not allowed."},
    Sign{"dubious ownership", "The repository belongs to a system user whom git does not trust."},
    Sign{"Permission denied", "Millwright's system user may not read the repository."},
    Sign{"Could not resolve host", "The repository's host name cannot be resolved.", kAway},
    Sign{"Connection refused", "The repository's host cannot be reached.", kAway},
    Sign{"onnect to server", "The repository's host cannot be reached.", kAway},
    Sign{"Failed to connect", "The repository's host cannot be reached.", kAway},
    Sign{"unable to connect to", "The repository's host cannot be reached.", kAway},
    Sign{"No route to host", "The repository's host cannot be reached.", kAway},
    Sign{"Network is unreachable", "The repository's host cannot be reached.", kAway},
    Sign{"timed out", "The repository's host does not answer.", kAway},
    Sign{"Operation too slow", "The repository's host does not answer.", kAway},
    Sign{"returned error: 5", "The repository's host does not work at the moment.", kAway},
    Sign{"returned error: 429", "The repository's host is asked too often.", kAway},
    Sign{"Empty reply from server", "The repository's host broke the connection off.", kAway},
    Sign{"Connection reset", "The repository's host broke the connection off.", kAway},
    Sign{"Connection closed", "The repository's host broke the connection off.", kAway},
    Sign{"does not appear to be a git repository", "There is no git repository at this URL."},
    Sign{"does not exist", "There is no git repository at this URL."},
    Sign{"not found", "There is no git repository at this URL."},
    Sign{"early EOF", "The repository's host broke the connection off.", kAway},
    Sign{"unexpected disconnect", "The repository's host broke the connection off.", kAway},
    Sign{"hung up unexpectedly", "The repository's host broke the connection off.", kAway},
    Sign{"transfer closed", "The repository's host broke the connection off.", kAway},
    Sign{"No space left", "The disk is full."},
};

const Sign* sign_in(std::string_view output) {
    for (const auto& sign : kSigns)
        if (output.find(sign.words) != output.npos) return &sign;
    return nullptr;
}

void fill(std::string& text, std::string_view mark, std::string_view value) {
    if (auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), value);
}

}  // namespace

std::string explain_git_failure(std::string_view output, const Source& source) {
    const auto* sign = sign_in(output);
    if (!sign) return "The repository could not be fetched.";
    std::string sentence(sign->sentence);
    fill(sentence, "{branch}", source.branch);
    fill(sentence, "{sha}", source.sha);
    return sentence;
}

GitTrouble trouble_of(std::string_view output) {
    const auto* sign = sign_in(output);
    return sign ? sign->trouble : GitTrouble::unclear;
}

}  // namespace mw::runner
