#include "features/git_hosts/client/host_api.hpp"

#include <algorithm>
#include <cctype>

#include "base/trimmed.hpp"

namespace mw::git_hosts {

std::unique_ptr<HostApi> make_host_api(HostRequests& requests, HostAccess access) {
    if (access.kind == "gitlab") return make_gitlab_api(requests, std::move(access));
    if (access.kind == "azure_devops") return make_azure_api(requests, std::move(access));
    return make_github_api(requests, std::move(access));
}

bool has_marker(std::string_view comment, std::string_view marker) {
    while (!marker.empty() && !comment.empty()) {
        auto line = comment.substr(0, comment.find('\n'));
        if (trimmed(line) == marker) return true;
        comment.remove_prefix(std::min(line.size() + 1, comment.size()));
    }
    return false;
}

result<> check_sha(std::string_view sha) {
    bool is_hex = sha.size() >= 7 && sha.size() <= 64 &&
                  std::ranges::all_of(sha, [](unsigned char c) { return std::isxdigit(c); });
    if (is_hex) return {};
    return fail(Errc::invalid_argument, "That is no commit's id.");
}

}  // namespace mw::git_hosts
