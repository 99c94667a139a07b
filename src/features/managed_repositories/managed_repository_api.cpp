#include "features/managed_repositories/managed_repository_api.hpp"

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "features/audit/audit_store.hpp"
#include "features/repositories/repository_store.hpp"
#include "infra/git/bare_repository.hpp"

namespace mw::managed_repositories {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using repositories::Repository;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

constexpr TextLimit kName{1, 255};

class ManagedRepositoryApi {
  public:
    ManagedRepositoryApi(pg::Pool& pool, fs::path folder, std::string public_url)
        : pool_(pool), folder_(std::move(folder)), public_url_(std::move(public_url)) {}

    api::Reply create(api::Call& call) {
        MW_CO_TRY(auto project_id, call.id("project_id"));
        MW_CO_TRY(auto body, call.body());
        std::string name;
        JsonReader in(body);
        in.required("name", name, kName);
        MW_CO_CHECK(in.finish());
        auto work = [&](pg::Connection& tx) -> Awaitable<Repository> {
            MW_CO_TRY(auto id,
                      co_await repositories::insert_managed(tx, call.account_id, project_id, name));
            MW_CO_CHECK(co_await audit::record(tx, call.caller,
                                               {"repository.created",
                                                "repository",
                                                id,
                                                {{"name", name}, {"project_id", project_id}}}));
            // Before the row can be seen. What a crash leaves behind has an id that never comes
            // again.
            MW_CO_CHECK(co_await git::make_bare(folder_ / repositories::managed_folder(id)));
            MW_CO_TRY(auto made, co_await repositories::find_repository(tx, call.account_id, id));
            if (!made) co_return api::not_found();
            co_return std::move(*made);
        };
        MW_CO_TRY(auto made, co_await pg::with_tx(pool_, work));
        co_return api::success(repositories::repository_json(made, public_url_));
    }

    api::Reply download(api::Call& call) {
        MW_CO_TRY(auto id, call.id("repository_id"));
        MW_CO_TRY(auto project_id, call.id("project_id"));
        MW_CO_TRY(auto found, co_await repositories::find_repository(pool_, call.account_id, id));
        if (!found || !found->managed_name || found->project_id != project_id)
            co_return api::not_found();
        auto url = repositories::clone_url(*found, public_url_);
        auto name = url.substr(url.rfind('/') + 1);
        name.resize(name.size() - std::string_view(".git").size());
        http::Response response;
        MW_CO_TRY(response.stream,
                  co_await git::zip_of(folder_ / repositories::managed_folder(id), name));
        response.headers["content-type"] = "application/zip";
        response.headers["content-disposition"] =
            fmt::format("attachment; filename=\"{}.zip\"", name);
        co_return response;
    }

  private:
    pg::Pool& pool_;
    fs::path folder_;
    std::string public_url_;
};

}  // namespace

void add_managed_repository_endpoints(api::Api& api, pg::Pool& pool, fs::path folder,
                                      std::string public_url) {
    using How = api::Route::Answer;
    auto managed =
        std::make_shared<ManagedRepositoryApi>(pool, std::move(folder), std::move(public_url));
    const std::string path =
        "/api/v3/accounts/{account_id}/projects/{project_id}/managed-repositories/";
    boost::json::object text{{"type", "string"}};
    api.post(path, api::writes(api::Area::repositories),
             [managed](api::Call& call) { return managed->create(call); })
        .says("Create a repository that Millwright keeps and serves")
        .takes({{"type", "object"}, {"required", {"name"}}, {"properties", {{"name", text}}}})
        .gives(How::one, {{"type", "object"},
                          {"properties",
                           {{"id", {{"type", "integer"}}},
                            {"name", text},
                            {"remote_url", text},
                            {"remote_backend", text}}}});
    api.get(path + "{repository_id}/download/", api::reads(api::Area::repositories),
            [managed](api::Call& call) { return managed->download(call); })
        .says("The files of a managed repository's default branch, as a ZIP archive")
        .gives(How::raw)
        .in("application/zip");
}

}  // namespace mw::managed_repositories
