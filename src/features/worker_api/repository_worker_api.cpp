#include "features/worker_api/repository_worker_api.hpp"

#include "features/repositories/repository.hpp"
#include "features/worker_api/lease_store.hpp"
#include "features/worker_api/run_token.hpp"

namespace mw::worker_api {
namespace {

constexpr std::uint64_t kBodyBytesMax = 32UL * 1024 * 1024;

}  // namespace

void add_repository_worker_endpoints(http::Router& router, pg::Pool& pool,
                                     git::HttpBackend& backend) {
    auto serve = [&pool, &backend](http::Request& request) -> Awaitable<http::Response> {
        MW_CO_TRY(auto hash, token_hash_of(request));
        auto service = git::service_of(request);
        if (service != git::Service::fetch)
            co_return fail(Errc::forbidden, "A run may fetch its repository, and no more.");
        MW_CO_TRY(auto id, co_await find_managed_repository(pool, hash));
        if (!id) co_return fail(Errc::not_found, "The run has no repository that is kept here.");
        co_return co_await backend.serve(request, *service, repositories::managed_folder(*id),
                                         "run");
    };
    const std::string path = "/internal/v1/run/repository/";
    router.add("GET", path + "info/refs", serve);
    router.add("POST", path + "git-upload-pack", serve,
               {.max_bytes = kBodyBytesMax, .to_file = true});
}

}  // namespace mw::worker_api
