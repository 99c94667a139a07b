#include "features/pull_requests/pull_request.hpp"

namespace mw::pull_requests {

void set_pull_request(runs::Overrides& overrides, std::string_view host_kind, std::int64_t number) {
    if (host_kind == "github")
        overrides.github_pull_request_id = number;
    else if (host_kind == "gitlab")
        overrides.gitlab_merge_request_id = number;
    else if (host_kind == "azure_devops")
        overrides.azure_pull_request_id = number;
    else
        overrides.non_native_pull_request_id = number;
}

bool is_branch_of(const std::optional<std::string>& custom_branch, std::string_view branch,
                  std::string_view default_branch) {
    if (custom_branch && !custom_branch->empty()) return branch == *custom_branch;
    return default_branch.empty() || branch == default_branch;
}

}  // namespace mw::pull_requests
