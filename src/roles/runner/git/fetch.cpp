#include "roles/runner/git/fetch.hpp"

#include <fmt/format.h>

#include <optional>

#include "roles/runner/git/direct.hpp"
#include "roles/runner/git/git_program.hpp"
#include "roles/runner/git/mirror.hpp"
#include "roles/runner/git/remote.hpp"
#include "roles/runner/git/submodules.hpp"
#include "roles/runner/network/relay.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

// Where the workspace has its checkout.
constexpr const char* kFolder = "repository";

class Fetch {
  public:
    Fetch(Git::Setting setting, fs::path mirrors, Id repository_id, bool is_local)
        : setting_(setting),
          mirrors_(std::move(mirrors)),
          repository_id_(repository_id),
          is_local_(is_local) {}

    // `token` opens the workers' API.
    asio::awaitable<result<Found>> main(Source source, Secret token) {
        MW_CO_TRY(auto git, co_await Git::open(setting_, source.url));
        git.set_token(token);
        co_return co_await get(git, std::move(source));
    }
    // What another repository says may name another host: it gets no token of ours.
    asio::awaitable<result<Found>> submodule(Source source) {
        auto remote = split_remote(source.url);
        MW_CO_CHECK(add_remote(setting_.workspace, remote));
        auto& shipper = setting_.log.shipper();
        auto scrubber = shipper.scrubber();
        for (const auto& secret : remote.secrets)
            scrubber.add(secret);
        if (!remote.secrets.empty()) shipper.set_scrubber(std::move(scrubber));
        source.url = remote.url;
        MW_CO_TRY(auto git, co_await Git::open(setting_, source.url));
        if (!is_local_) git.forbid_files();
        co_return co_await get(git, std::move(source));
    }

  private:
    asio::awaitable<result<Found>> get(Git& git, Source source) {
        if (mirrors_.empty()) co_return co_await fetch_directly(git, source);
        source.mirror = mirror_name(repository_id_, source.url);
        Mirror mirror(git, mirrors_, source);
        MW_CO_TRY(auto found, co_await mirror.fetch());
        if (found) co_return std::move(*found);
        mirror.leave();
        auto fetched = co_await fetch_directly(git, source);
        if (fetched && mirror.is_suspect()) mirror.give_up();
        co_return fetched;
    }

    Git::Setting setting_;
    fs::path mirrors_;
    Id repository_id_;
    bool is_local_;
};

}  // namespace

asio::awaitable<result<Checkout>> fetch_repository(RepositorySpec repository, FetchPlaces places,
                                                   KnownHosts& hosts, StepLog log, Stop& stop) {
    std::optional<Relay> relay;
    if (repository.managed) {
        MW_CO_TRY(relay,
                  Relay::open(co_await asio::this_coro::executor, std::move(places.api.socket)));
        repository.remote_url = relay->url("/internal/v1/run/repository");
    }
    // One that is kept here is as near as its mirror would be.
    if (repository.managed || !repository.may_be_cached) places.mirrors.clear();
    auto remote = split_remote(repository.remote_url, repository.username, repository.password);
    MW_CO_CHECK(write_git_config(places.workspace, remote, repository.deploy_key));
    Git::Setting setting{places.workspace, hosts, log, stop};
    Fetch fetch(setting, std::move(places.mirrors), repository.id, !remote.local_path.empty());
    MW_CO_TRY(auto found,
              co_await fetch.main({.url = remote.url,
                                   .branch = repository.git_branch,
                                   .sha = repository.git_sha,
                                   .folder = kFolder},
                                  repository.managed ? std::move(places.api.token) : Secret()));
    log.info(found.branch.empty()
                 ? fmt::format("Checked out commit {}", found.sha)
                 : fmt::format("Checked out commit {} of branch {}", found.sha, found.branch));
    Submodules submodules(setting,
                          [&fetch](Source source) { return fetch.submodule(std::move(source)); });
    MW_CO_CHECK(
        co_await submodules.fetch_all(kFolder, repository.managed ? std::string() : remote.url));
    co_return Checkout{.sha = std::move(found.sha),
                       .branch = std::move(found.branch),
                       .used_repo_cache = found.from_cache};
}

}  // namespace mw::runner
