#include "roles/runner/git/gitmodules.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace mw::runner {
namespace {

// The next part up to a NUL.
std::string_view next_entry(std::string_view& rest) {
    auto entry = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    return entry;
}

Submodule& named(std::vector<Submodule>& all, std::string_view name) {
    auto found = std::ranges::find(all, name, &Submodule::name);
    if (found != all.end()) return *found;
    return all.emplace_back(Submodule{.name = std::string(name), .path = {}, .url = {}});
}

bool is_local(std::string_view url) {
    return url.starts_with('/') || url.starts_with("file://");
}

bool has_allowed_transport(std::string_view url) {
    static constexpr std::array<std::string_view, 4> kSchemes{"https://", "http://", "ssh://",
                                                              "git://"};
    if (std::ranges::any_of(kSchemes, [&](auto scheme) { return url.starts_with(scheme); }))
        return true;
    if (url.find("://") != url.npos || url.find("::") != url.npos) return false;
    // git@host:path
    auto colon = url.find(':');
    return colon != url.npos && colon > 0 && url.find('/') > colon;
}

std::unexpected<Error> refuse(std::string_view why) {
    return fail(Errc::invalid_argument, std::string(why));
}

// "https://h/a/b.git" and "../c.git" are "https://h/a/c.git".
result<std::string> joined(std::string_view parent, std::string_view relative) {
    if (parent.empty())
        return refuse(
            "It is relative to this repository's address, and a repository that Millwright keeps "
            "has none for others. Write the whole URL.");
    while (parent.ends_with('/'))
        parent.remove_suffix(1);
    auto scheme_end = parent.find("://");
    auto least = scheme_end == parent.npos ? 0 : parent.find('/', scheme_end + 3);
    while (relative.starts_with("./") || relative.starts_with("../")) {
        bool up = relative.starts_with("../");
        relative.remove_prefix(up ? 3 : 2);
        if (!up) continue;
        auto end = parent.find_last_of(least == 0 ? "/:" : "/");
        if (end == parent.npos || least == parent.npos || end < least)
            return refuse("It leads out of the repository's host.");
        // "git@host:shop.git" keeps its colon.
        parent = parent.substr(0, parent[end] == ':' ? end + 1 : end);
    }
    auto between = parent.ends_with(':') ? "" : "/";
    return std::string(parent) + between + std::string(relative);
}

}  // namespace

std::vector<Submodule> read_gitmodules(std::string_view listed) {
    constexpr std::string_view kPrefix = "submodule.";
    std::vector<Submodule> all;
    while (!listed.empty()) {
        auto entry = next_entry(listed);
        auto key = entry.substr(0, entry.find('\n'));
        auto value = entry.substr(std::min(key.size() + 1, entry.size()));
        auto dot = key.rfind('.');
        if (!key.starts_with(kPrefix) || dot == key.npos || dot < kPrefix.size()) continue;
        auto& submodule = named(all, key.substr(kPrefix.size(), dot - kPrefix.size()));
        auto field = key.substr(dot + 1);
        if (field == "path") submodule.path = value;
        if (field == "url") submodule.url = value;
        if (field == "update") submodule.skipped = value == "none";
    }
    std::erase_if(all, [](const Submodule& each) { return each.path.empty(); });
    return all;
}

std::vector<Gitlink> read_gitlinks(std::string_view listed) {
    constexpr std::string_view kMode = "160000 ";
    std::vector<Gitlink> links;
    while (!listed.empty()) {
        auto entry = next_entry(listed);
        auto tab = entry.find('\t');
        if (!entry.starts_with(kMode) || tab == entry.npos) continue;
        auto facts = entry.substr(kMode.size(), tab - kMode.size());
        links.push_back({.path = std::string(entry.substr(tab + 1)),
                         .sha = std::string(facts.substr(0, facts.find(' ')))});
    }
    return links;
}

result<std::string> submodule_url(std::string_view parent, std::string_view url) {
    if (url.empty()) return refuse("It has none.");
    if (url.starts_with('-') || url.find_first_of(" \t\r\n") != url.npos ||
        std::ranges::any_of(url, [](unsigned char c) { return c < ' ' || c == 0x7f; }))
        return refuse("It is no address of a git repository.");
    std::string whole(url);
    if (url.starts_with("./") || url.starts_with("../")) {
        MW_TRY(whole, joined(parent, url));
    }
    if (is_local(whole) && is_local(parent)) return whole;
    if (!has_allowed_transport(whole))
        return refuse("Only https, http, ssh and git are allowed in it.");
    return whole;
}

bool is_plain_path(std::string_view path) {
    std::filesystem::path parts(path);
    if (path.empty() || parts.is_absolute()) return false;
    return std::ranges::none_of(parts, [](const std::filesystem::path& part) {
        auto name = part.string();
        std::ranges::transform(name, name.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return name.empty() || name == "." || name == ".." || name == ".git";
    });
}

}  // namespace mw::runner
