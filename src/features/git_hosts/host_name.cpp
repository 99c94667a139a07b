#include "features/git_hosts/host_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/url/pct_string_view.hpp>
#include <cctype>
#include <vector>

#include "features/repositories/repository.hpp"

namespace mw::git_hosts {
namespace {

std::string lower(std::string_view text) {
    std::string low(text);
    std::ranges::transform(low, low.begin(), [](unsigned char c) { return std::tolower(c); });
    return low;
}

bool is_domain(std::string_view host, std::string_view domain) {
    return host == domain ||
           (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

// What is no escape stays as it is.
std::string decoded(std::string_view text) {
    auto view = boost::urls::make_pct_string_view(text);
    return view ? view->decode() : std::string(text);
}

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        auto end = std::min(path.find('/'), path.size());
        if (end > 0) segments.push_back(decoded(path.substr(0, end)));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return segments;
}

std::string azure_name(const Remote& remote) {
    auto segments = segments_of(remote.path);
    auto git = std::ranges::find(segments, "_git");
    if (git == segments.end()) {
        // By ssh: v3/organisation/project/repository.
        if (!segments.empty() && segments.front() == "v3") segments.erase(segments.begin());
        return fmt::format("{}", fmt::join(segments, "/"));
    }
    if (git + 1 == segments.end()) return {};
    auto name = *(git + 1);
    std::vector<std::string> before(segments.begin(), git);
    if (is_domain(remote.host, "visualstudio.com")) {
        std::erase(before, "DefaultCollection");
        before.insert(before.begin(), remote.host.substr(0, remote.host.find('.')));
    }
    // A project's first repository is called like it, and goes by one name.
    if (before.size() == 1) before.push_back(name);
    return fmt::format("{}/{}", fmt::join(before, "/"), name);
}

}  // namespace

bool same_word(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) {
        return std::tolower(a) == std::tolower(b);
    });
}

Remote remote_of(std::string_view url) {
    Remote remote;
    std::string_view authority;
    if (auto scheme = url.find("://"); scheme != url.npos) {
        remote.scheme = lower(url.substr(0, scheme));
        auto rest = url.substr(scheme + 3);
        authority = rest.substr(0, rest.find('/'));
        remote.path = rest.substr(std::min(authority.size() + 1, rest.size()));
    } else {
        auto colon = url.find(':');
        if (colon == url.npos || url.find('/') < colon) return remote;
        authority = url.substr(0, colon);
        remote.path = url.substr(colon + 1);
    }
    if (auto at = authority.rfind('@'); at != authority.npos) {
        auto user = authority.substr(0, at);
        // Names such as "git" are no secret; an access token in their place is.
        remote.has_secret = user.find(':') != user.npos || user.size() >= 16;
        authority.remove_prefix(at + 1);
    }
    auto port = authority.rfind(':');
    bool in_brackets = port != authority.npos && authority.find(']', port) != authority.npos;
    if (port != authority.npos && !in_brackets) remote.port = authority.substr(port + 1);
    remote.host = lower(in_brackets ? authority : authority.substr(0, port));
    return remote;
}

std::optional<std::string> kind_of(std::string_view url) {
    auto remote = remote_of(url);
    std::string_view host = remote.host;
    if (is_domain(host, "github.com") || is_domain(host, "ghe.com") || host.starts_with("github."))
        return "github";
    if (is_domain(host, "gitlab.com") || host.starts_with("gitlab.")) return "gitlab";
    if (is_domain(host, "dev.azure.com") || is_domain(host, "visualstudio.com") ||
        remote.path.find("/_git/") != remote.path.npos)
        return "azure_devops";
    if (host == "codeberg.org" || host.find("gitea") != host.npos ||
        host.find("forgejo") != host.npos)
        return "gitea";
    return std::nullopt;
}

std::string default_api_url(std::string_view kind, std::string_view url) {
    auto remote = remote_of(url);
    // A port of ssh says nothing of that of the API.
    auto site = remote.is_web() ? fmt::format("{}://{}", remote.scheme, remote.authority())
                                : fmt::format("https://{}", remote.host);
    if (kind == "github") {
        if (is_domain(remote.host, "github.com")) return "https://api.github.com";
        return is_domain(remote.host, "ghe.com") ? fmt::format("https://api.{}", remote.host)
                                                 : site + "/api/v3";
    }
    if (kind == "gitlab") return site + "/api/v4";
    if (kind == "gitea") return site + "/api/v1";
    bool is_cloud =
        is_domain(remote.host, "dev.azure.com") || is_domain(remote.host, "visualstudio.com");
    return is_cloud ? "https://dev.azure.com" : site;
}

std::string full_name_on(std::string_view kind, std::string_view url) {
    if (kind == "azure_devops") return azure_name(remote_of(url));
    return repositories::full_name_of(url);
}

bool is_of(const EventRepository& repository, std::string_view kind, std::string_view url) {
    return same_word(repository.full_name, full_name_on(kind, url));
}

}  // namespace mw::git_hosts
