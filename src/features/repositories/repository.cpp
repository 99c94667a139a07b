#include "features/repositories/repository.hpp"

#include <fmt/format.h>

#include <cctype>

#include "base/described_json.hpp"

namespace mw::repositories {
namespace {

struct Parts {
    std::string_view scheme;  // empty for "git@host:path" and a plain path
    std::string_view user;    // with a password, if it has one
    std::string_view host;
    std::string_view path;
};

Parts split(std::string_view url) {
    Parts parts;
    auto authority = url;
    if (auto scheme_end = url.find("://"); scheme_end != url.npos) {
        parts.scheme = url.substr(0, scheme_end);
        auto rest = url.substr(scheme_end + 3);
        authority = rest.substr(0, rest.find('/'));
        parts.path = rest.substr(authority.size());
    } else {
        auto colon = url.find(':');
        if (colon == url.npos || url.find('/') < colon) return {{}, {}, {}, url};
        authority = url.substr(0, colon);
        parts.path = url.substr(colon + 1);
    }
    auto at = authority.rfind('@');
    parts.host = at == authority.npos ? authority : authority.substr(at + 1);
    if (at != authority.npos) parts.user = authority.substr(0, at);
    return parts;
}

std::string_view backend_of(std::string_view host) {
    host = host.substr(0, host.find(':'));
    auto is = [&](std::string_view domain) {
        return host == domain ||
               (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
    };
    if (is("github.com")) return "github";
    if (is("gitlab.com")) return "gitlab";
    if (is("dev.azure.com") || is("visualstudio.com")) return "ado";
    return "manual_config";
}

// A name as the last part of a URL: "Shop & more" is "Shop-more".
std::string word_for_url(std::string_view name) {
    std::string word;
    for (unsigned char c : name) {
        bool plain = std::isalnum(c) || c == '_' || (c == '.' && !word.empty());
        if (plain) word += static_cast<char>(c);
        if (!plain && !word.empty() && word.back() != '-') word += '-';
    }
    while (word.ends_with('-') || word.ends_with('.'))
        word.pop_back();
    if (word.ends_with(".git")) word.resize(word.size() - 4);
    return word.empty() ? "repository" : word;
}

}  // namespace

std::string url_without_secrets(std::string_view url) {
    auto parts = split(url);
    if (parts.scheme.empty() || parts.user.empty()) return std::string(url);
    auto shown = std::string(parts.scheme) + "://";
    // On the web the user alone may be the token; over ssh it only says who.
    if (parts.scheme != "http" && parts.scheme != "https")
        shown += std::string(parts.user.substr(0, parts.user.find(':'))) + "@";
    return shown + std::string(parts.host) + std::string(parts.path);
}

std::string full_name_of(std::string_view url) {
    auto parts = split(url);
    auto path = parts.path;
    while (path.ends_with('/'))
        path.remove_suffix(1);
    if (path.ends_with(".git")) path.remove_suffix(4);
    while (path.starts_with('/'))
        path.remove_prefix(1);
    // A folder of this machine has no owner.
    if (parts.host.empty()) path = path.substr(path.rfind('/') + 1);
    return std::string(path);
}

std::string what_is_wrong_with_url(std::string_view url) {
    if (url.find_first_of(" \t\r\n") != url.npos) return "must not hold blanks";
    auto parts = split(url);
    if (parts.host.empty() || parts.path.empty() || parts.path == "/")
        return "must be the address of a git repository, such as "
               "https://git.example.com/team/project.git or git@git.example.com:team/project.git";
    if (parts.host.starts_with('-') || parts.user.starts_with('-') || parts.path.starts_with('-'))
        return "must not begin a part with a hyphen";
    for (auto known : {"", "https", "http", "ssh", "git"})
        if (parts.scheme == known) return {};
    return "must begin with https, http, ssh or git";
}

std::string managed_folder(Id id) {
    return std::to_string(id) + ".git";
}

std::string clone_url(const Repository& repository, std::string_view public_url) {
    if (!repository.managed_name) return url_without_secrets(repository.remote_url);
    return fmt::format("{}/git/{}/{}.git", public_url, repository.id,
                       word_for_url(*repository.managed_name));
}

boost::json::object repository_json(const Repository& repository, std::string_view public_url) {
    auto json = described_to_json(repository);
    json.erase("deploy_public_key");
    json.erase("managed_name");
    json["remote_url"] = clone_url(repository, public_url);
    json["full_name"] = repository.managed_name.value_or(full_name_of(repository.remote_url));
    json["name"] = json["full_name"];
    json["remote_backend"] =
        repository.managed_name ? "managed" : backend_of(split(repository.remote_url).host);
    json["web_url"] = nullptr;
    json["is_private_link_enabled"] = repository.private_link_endpoint_id.has_value();
    for (auto field :
         {"deploy_key_id", "deploy_key", "repository_credentials_id", "github_webhook_id",
          "github_repo", "git_provider_id", "git_provider", "gitlab"})
        json[field] = nullptr;
    if (repository.deploy_public_key) {
        // A key belongs to one repository, and goes by its id.
        json["deploy_key_id"] = repository.id;
        json["deploy_key"] = {{"id", repository.id},
                              {"account_id", repository.account_id},
                              {"public_key", *repository.deploy_public_key},
                              {"state", 1}};
    }
    return json;
}

}  // namespace mw::repositories
