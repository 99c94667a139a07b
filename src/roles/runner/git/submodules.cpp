#include "roles/runner/git/submodules.hpp"

#include <fmt/format.h>

#include "roles/runner/git/gitmodules.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr int kDepthMost = 5;
constexpr int kCountMost = 100;

std::string shown(const std::string& url) {
    return split_remote(url).url;
}

std::unexpected<Error> failed(const std::string& name, const std::string& url, Error error) {
    error.message = fmt::format("The submodule \"{}\" ({}) cannot be fetched. {}", name, shown(url),
                                error.message);
    return fail(std::move(error));
}

}  // namespace

// Without following a link that the checkout may hold.
bool Submodules::lies_in(const std::string& folder) const {
    std::error_code error;
    auto root = fs::canonical(setting_.workspace.root(), error);
    auto place = error ? fs::path() : fs::weakly_canonical(root / folder, error);
    return !error && place == root / folder;
}

asio::awaitable<result<std::vector<Submodules::Wanted>>> Submodules::list(std::string folder) {
    std::vector<Wanted> wanted;
    std::error_code error;
    auto file = setting_.workspace.root() / folder / ".gitmodules";
    if (!fs::is_regular_file(fs::symlink_status(file, error))) co_return wanted;
    MW_CO_TRY(auto git, co_await Git::open(setting_, {}));
    // What the commit has, whatever lies there.
    MW_CO_TRY(bool read, co_await git.ask({"-C", folder, "config", "--blob", "HEAD:.gitmodules",
                                           "-z", "--get-regexp", "^submodule\\."}));
    if (!read && git.words().empty()) co_return wanted;
    if (!read)
        co_return fail(Errc::invalid_argument,
                       fmt::format("The list of submodules, {}, cannot be read.",
                                   (fs::path(folder) / ".gitmodules").string()),
                       git.words());
    auto submodules = read_gitmodules(git.words());
    if (submodules.empty()) co_return wanted;
    std::vector<std::string> args{
        "--literal-pathspecs", "-C", folder, "ls-files", "--stage", "-z", "--"};
    for (const auto& each : submodules)
        args.push_back(each.path);
    MW_CO_TRY(bool listed, co_await git.ask(std::move(args)));
    if (!listed)
        co_return fail(Errc::upstream_failed, "The submodules cannot be listed.", git.words());
    for (const auto& link : read_gitlinks(git.words()))
        for (const auto& each : submodules) {
            if (each.path != link.path || each.skipped) continue;
            auto place = folder + "/" + each.path;
            auto name = fs::path(place).lexically_relative("repository").string();
            if (!is_plain_path(each.path) || !lies_in(place))
                co_return fail(Errc::invalid_argument,
                               fmt::format("The submodule \"{}\" lies where none may lie.", name));
            wanted.push_back({name, each.url, {.url = {}, .sha = link.sha, .folder = place}});
        }
    co_return wanted;
}

asio::awaitable<result<>> Submodules::fetch_one(Wanted wanted, std::string parent_url, int depth) {
    auto url = submodule_url(parent_url, wanted.url);
    if (!url) co_return failed(wanted.name, wanted.url, std::move(url).error());
    if (depth >= kDepthMost || ++count_ > kCountMost)
        co_return failed(wanted.name, *url,
                         {Errc::invalid_argument,
                          fmt::format("Submodules may lie {} deep in each other, and be {} in all.",
                                      kDepthMost, kCountMost),
                          {},
                          {}});
    setting_.log.info(fmt::format("Fetching the submodule {} from {}", wanted.name, shown(*url)));
    auto folder = wanted.source.folder;
    wanted.source.url = *url;
    auto found = co_await get_(std::move(wanted.source));
    if (!found && found.error().code == Errc::cancelled) co_return fail(std::move(found).error());
    if (!found) co_return failed(wanted.name, *url, std::move(found).error());
    co_return co_await fetch_all(std::move(folder), shown(*url), depth + 1);
}

asio::awaitable<result<>> Submodules::fetch_all(std::string folder, std::string url, int depth) {
    MW_CO_TRY(auto all, co_await list(std::move(folder)));
    for (auto& wanted : all)
        MW_CO_CHECK(co_await fetch_one(std::move(wanted), url, depth));
    co_return result<>{};
}

}  // namespace mw::runner
