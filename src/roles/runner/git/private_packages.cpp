#include "roles/runner/git/private_packages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/files.hpp"
#include "base/trimmed.hpp"
#include "roles/runner/git/direct.hpp"

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 1024UL * 1024;
constexpr std::string_view kAzureHost = "dev.azure.com";
// Beside the project's own folders, where no path of dbt's looks for models.
constexpr std::string_view kFolder = ".private_packages";

bool is_name(std::string_view name) {
    bool plain = std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.' || c == '/';
    });
    return plain && name.find('/') != name.npos && name.find("..") == name.npos &&
           name.find("//") == name.npos && name.front() != '/' && name.back() != '/';
}

std::string azure_url(std::string_view base, std::string_view name) {
    auto last = name.rfind('/');
    return fmt::format("{}{}/_git/{}", base, name.substr(0, last), name.substr(last + 1));
}

std::size_t indent_of(std::string_view line) {
    return std::min(line.find_first_not_of(" \t\r\n"), line.size());
}

bool is_blank(std::string_view line) {
    auto text = trimmed(line);
    return text.empty() || text.front() == '#';
}

// `key: value  # why`, in whichever quotes.
std::string value_of(std::string_view text, std::string_view key) {
    if (!text.starts_with(key)) return {};
    text = trimmed(text.substr(key.size()));
    if (!text.starts_with(':')) return {};
    text = trimmed(text.substr(1));
    if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
        auto end = text.find(text.front(), 1);
        return std::string(end == text.npos ? std::string_view{} : text.substr(1, end - 1));
    }
    return std::string(trimmed(text.substr(0, text.find(" #"))));
}

// The lines of one item of a list; nothing when it is no private package.
std::optional<PrivatePackage> package_of(const std::vector<std::string_view>& lines) {
    PrivatePackage package;
    for (auto line : lines) {
        auto text = trimmed(line);
        if (text.starts_with('-')) text = trimmed(text.substr(1));
        for (auto [key, field] : {std::pair{"private", &PrivatePackage::name},
                                  {"revision", &PrivatePackage::revision},
                                  {"subdirectory", &PrivatePackage::subdirectory}})
            if (auto value = value_of(text, key); !value.empty()) package.*field = value;
    }
    if (package.name.empty()) return std::nullopt;
    return package;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        auto end = std::min(text.find('\n'), text.size() - 1);
        lines.push_back(text.substr(0, end + 1));
        text.remove_prefix(end + 1);
    }
    return lines;
}

// How many lines the item that begins at `at` has: itself, and what is further in.
std::size_t length_of_item(const std::vector<std::string_view>& lines, std::size_t at) {
    auto indent = indent_of(lines[at]);
    auto end = at + 1;
    for (auto i = end; i < lines.size(); ++i) {
        if (is_blank(lines[i])) continue;
        if (indent_of(lines[i]) <= indent) break;
        end = i + 1;
    }
    return end - at;
}

class Fetcher {
  public:
    Fetcher(Git::Setting setting, RepositorySpec repository, fs::path project, LoginOf login_of)
        : setting_(setting),
          repository_(std::move(repository)),
          project_(std::move(project)),
          login_of_(std::move(login_of)) {}

    boost::asio::awaitable<result<>> fetch_all() {
        for (const auto* name : {"packages.yml", "dependencies.yml"}) {
            auto file = project_ / name;
            auto text = read_file(file, kMostBytes);
            // One that is not there, or is too large to be one: dbt will say so.
            if (!text) continue;
            auto made = with_local_packages(
                *text, [this](const PrivatePackage& package) { return wanted_folder(package); });
            if (made == *text) continue;
            MW_CO_CHECK(write_file_atomically(file, made, 0644));
        }
        for (const auto& [folder, package] : wanted_)
            MW_CO_CHECK(co_await fetch(folder, package));
        co_return forget_lock();
    }

  private:
    std::string wanted_folder(const PrivatePackage& package) {
        if (!is_name(package.name)) return {};
        auto folder = fmt::format("{}/{}", kFolder, wanted_.size() + 1);
        wanted_.emplace(folder, package);
        return package.subdirectory.empty() ? folder
                                            : fmt::format("{}/{}", folder, package.subdirectory);
    }

    boost::asio::awaitable<result<>> fetch(const std::string& folder,
                                           const PrivatePackage& package) {
        auto url = url_of_package(package.name, split_remote(repository_.remote_url).url);
        MW_CO_TRY(auto login, co_await login_of_(package.name));
        if (login && !login->url.empty()) url = login->url;
        if (url.empty())
            co_return fail(Errc::invalid_argument,
                           fmt::format("The private package {} is looked for on the project's own "
                                       "git host, and its repository is on none.",
                                       package.name));
        setting_.log.info(fmt::format("Fetching the private package {}", package.name));
        bool by_sha = is_full_sha(package.revision);
        auto place = (project_ / folder).lexically_relative(setting_.workspace.root());
        Source source{.url = url,
                      .branch = by_sha ? std::string() : package.revision,
                      .sha = by_sha ? package.revision : std::string(),
                      .folder = place.string()};
        MW_CO_TRY(auto git, co_await Git::open(setting_, url));
        git.forbid_files();
        if (login) git.set_login(login->username, login->password);
        auto found = co_await fetch_directly(git, source);
        if (!found)
            co_return fail(found.error().code, fmt::format("The private package {}: {}",
                                                           package.name, found.error().message));
        co_return result<>{};
    }

    // What was locked elsewhere names them in a way that dbt cannot read.
    result<> forget_lock() {
        auto file = project_ / "package-lock.yml";
        auto text = read_file(file, kMostBytes);
        if (wanted_.empty() || !text || text->find("private:") == text->npos) return {};
        setting_.log.info("package-lock.yml names private packages, and is left out");
        std::error_code error;
        fs::remove(file, error);
        if (error) return fail(file_error(error.value(), "It cannot be left out", file));
        return {};
    }

    Git::Setting setting_;
    RepositorySpec repository_;
    fs::path project_;
    LoginOf login_of_;
    std::map<std::string, PrivatePackage> wanted_;  // by folder
};

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

std::string with_local_packages(
    std::string_view text, const std::function<std::string(const PrivatePackage&)>& folder_of) {
    auto lines = lines_of(text);
    std::string made;
    for (std::size_t i = 0; i < lines.size();) {
        auto indent = indent_of(lines[i]);
        bool is_item = indent < lines[i].size() && lines[i][indent] == '-';
        auto length = is_item ? length_of_item(lines, i) : 1;
        std::vector<std::string_view> item(lines.begin() + static_cast<std::ptrdiff_t>(i),
                                           lines.begin() + static_cast<std::ptrdiff_t>(i + length));
        i += length;
        auto package = is_item ? package_of(item) : std::nullopt;
        auto folder = package ? folder_of(*package) : std::string();
        if (folder.empty()) {
            for (auto line : item)
                made += line;
        } else {
            made += fmt::format("{}- local: \"{}\"\n", item.front().substr(0, indent), folder);
        }
    }
    return made;
}

boost::asio::awaitable<result<>> fetch_private_packages(Git::Setting setting,
                                                        RepositorySpec repository, fs::path project,
                                                        LoginOf login_of) {
    Fetcher fetcher(setting, std::move(repository), std::move(project), std::move(login_of));
    co_return co_await fetcher.fetch_all();
}

}  // namespace mw::runner
