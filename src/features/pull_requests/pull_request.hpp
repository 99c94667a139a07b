// A pull request of a repository, as its host told last.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "features/git_hosts/event.hpp"
#include "features/runs/run_trigger.hpp"

namespace mw::pull_requests {

struct PullRequest {
    Id id = 0;
    Id account_id = 0;
    Id repository_id = 0;
    std::int64_t number = 0;
    std::string title;
    std::string author;
    std::string url;
    std::string head_sha;
    std::string head_branch;
    std::string base_branch;
    bool is_draft = false;
    std::string status = "open";  // "merged", "closed"
    Timestamp opened_at;
    Timestamp updated_at;
    std::optional<Timestamp> closed_at;
};
BOOST_DESCRIBE_STRUCT(PullRequest, (),
                      (id, account_id, repository_id, number, title, author, url, head_sha,
                       head_branch, base_branch, is_draft, status, opened_at, updated_at,
                       closed_at))

// Under the name that the API has for this kind of host ("github", "gitlab", …).
void set_pull_request(runs::Overrides& overrides, std::string_view host_kind, std::int64_t number);

// Whether an environment builds what is merged into this branch: its own, or the repository's
// default one. `default_branch` empty: nobody knows, and it may be.
bool is_branch_of(const std::optional<std::string>& custom_branch, std::string_view branch,
                  std::string_view default_branch);

}  // namespace mw::pull_requests
