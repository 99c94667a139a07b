// Fetches from the remote alone, one commit without its history.
//
// Errors: upstream_failed and not_found with a sentence; else as git_program.hpp.
#pragma once

#include "roles/runner/git/git_program.hpp"

namespace mw::runner {

// What is there of a folder is in the way only of a branch.
boost::asio::awaitable<result<Found>> fetch_directly(Git& git, const Source& source);

// Whether a commit is named by all of its digits.
bool is_full_sha(std::string_view text);

// The branch that the remote's HEAD names, and its commit; empty when it says nothing.
struct RemoteHead {
    std::string branch;
    std::string sha;
};
boost::asio::awaitable<result<std::optional<RemoteHead>>> ask_for_head(Git& git,
                                                                       const std::string& url);

}  // namespace mw::runner
