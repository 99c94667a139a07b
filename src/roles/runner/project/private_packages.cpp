#include "roles/runner/project/private_packages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/files.hpp"
#include "base/trimmed.hpp"

namespace mw::runner {
namespace {

constexpr std::size_t kMostBytes = 1024UL * 1024;
constexpr std::string_view kAzureHost = "dev.azure.com";

bool is_name(std::string_view name) {
    bool plain = std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.' || c == '/';
    });
    return plain && name.find('/') != name.npos && name.find("..") == name.npos &&
           name.find("//") == name.npos && name.front() != '/' && name.back() != '/';
}

// Of "- private: x # why" the parts before the key, and the value.
struct Entry {
    std::string_view before;  // blanks, and the dash of a new item if this is its first line
    std::string_view value;
};

std::optional<Entry> entry_of(std::string_view line, std::string_view key) {
    auto begin = line.find_first_not_of(" \t");
    if (begin != line.npos && line[begin] == '-') begin = line.find_first_not_of(" \t", begin + 1);
    if (begin == line.npos || !line.substr(begin).starts_with(key)) return std::nullopt;
    auto rest = line.substr(begin + key.size());
    auto value = trimmed(rest);
    if (!value.starts_with(':')) return std::nullopt;
    value = trimmed(value.substr(1));
    if (!value.empty() && (value.front() == '"' || value.front() == '\'')) {
        auto end = value.find(value.front(), 1);
        value = end == value.npos ? std::string_view{} : value.substr(1, end - 1);
    } else {
        value = trimmed(value.substr(0, value.find(" #")));
    }
    return Entry{line.substr(0, begin), value};
}

std::string_view without_blanks_behind(std::string_view text) {
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::string azure_url(std::string_view base, std::string_view name) {
    auto last = name.rfind('/');
    return fmt::format("{}{}/_git/{}", base, name.substr(0, last), name.substr(last + 1));
}

}  // namespace

std::string url_of_package(std::string_view name, std::string_view remote_url) {
    if (!is_name(name)) return {};
    auto scheme_end = remote_url.find("://");
    if (scheme_end == remote_url.npos) {
        // user@host:path
        auto colon = remote_url.find(':');
        bool is_ssh = colon != remote_url.npos && remote_url.find('@') < colon;
        return is_ssh ? fmt::format("{}{}.git", remote_url.substr(0, colon + 1), name)
                      : std::string();
    }
    auto scheme = remote_url.substr(0, scheme_end);
    if (scheme != "https" && scheme != "http" && scheme != "ssh") return {};
    auto authority = remote_url.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find('/'));
    // What lets one in stands in git's credential file, for the host.
    auto host = authority.substr(authority.rfind('@') + 1);
    if (scheme != "ssh") authority = host;
    auto base = fmt::format("{}://{}/", scheme, authority);
    return host == kAzureHost ? azure_url(base, name) : fmt::format("{}{}.git", base, name);
}

std::string with_git_packages(std::string_view text, std::string_view remote_url) {
    std::string made;
    bool changed = false;
    for (std::string_view rest = text; !rest.empty();) {
        auto end = std::min(rest.find('\n'), rest.size() - 1);
        auto line = rest.substr(0, end + 1);
        rest.remove_prefix(end + 1);
        if (auto entry = entry_of(line, "private")) {
            auto url = url_of_package(entry->value, remote_url);
            changed = changed || !url.empty();
            made += url.empty() ? std::string(line)
                                : fmt::format("{}git: \"{}\"\n", entry->before, url);
        } else if (auto provider = entry_of(line, "provider")) {
            // The first line of an item leaves its dash behind, for the next.
            if (provider->before.find('-') != provider->before.npos)
                made += fmt::format("{}\n", without_blanks_behind(provider->before));
        } else {
            made += line;
        }
    }
    return changed ? made : std::string(text);
}

result<int> name_private_packages(const std::filesystem::path& project,
                                  std::string_view remote_url) {
    int named = 0;
    for (const auto* name : {"packages.yml", "dependencies.yml", "package-lock.yml"}) {
        auto file = project / name;
        auto text = read_file(file, kMostBytes);
        // One that is not there, or is too large to be one: dbt will say so.
        if (!text) continue;
        auto made = with_git_packages(*text, remote_url);
        if (made == *text) continue;
        MW_CHECK(write_file_atomically(file, made, 0644));
        ++named;
    }
    return named;
}

}  // namespace mw::runner
