#include "infra/http/server/router.hpp"

#include <gtest/gtest.h>

namespace mw::http {
namespace {

using Params = std::map<std::string, std::string, std::less<>>;

Router make_router() {
    Router router;
    auto nothing = [](Request&) -> asio::awaitable<result<Response>> { co_return Response{}; };
    router.add("GET", "/api/v2/accounts/{account_id}/runs/{id}/", nothing);
    router.add("POST", "/api/v2/accounts/{account_id}/jobs/{job_id}/run/", nothing);
    router.add("GET", "/api/v2/accounts/{account_id}/runs/{id}/artifacts/{path...}", nothing);
    router.add("GET", "/api/v2/accounts/{account_id}/runs/special/", nothing);
    return router;
}

TEST(Router, SlashesAtTheEndNeverMatter) {
    auto router = make_router();
    Params params;
    for (auto path : {"/api/v2/accounts/1/jobs/7/run/", "/api/v2/accounts/1/jobs/7/run"}) {
        auto route = router.match("POST", path, params);
        ASSERT_TRUE(route) << path;
        EXPECT_EQ(params["job_id"], "7");
    }
}

TEST(Router, TakesTheRestWithItsSlashes) {
    auto router = make_router();
    Params params;
    ASSERT_TRUE(
        router.match("GET", "/api/v2/accounts/1/runs/2/artifacts/compiled/a/b.sql", params));
    EXPECT_EQ(params["path"], "compiled/a/b.sql");
}

TEST(Router, LiteralsWinAndHeadIsGet) {
    auto router = make_router();
    Params params;
    auto route = router.match("HEAD", "/api/v2/accounts/1/runs/special", params);
    ASSERT_TRUE(route);
    EXPECT_EQ((*route)->pattern, "/api/v2/accounts/{account_id}/runs/special/");
}

TEST(Router, TellsAnUnknownPathFromAnUnknownMethod) {
    auto router = make_router();
    Params params;
    EXPECT_EQ(router.match("GET", "/nothing", params).error().code, Errc::not_found);
    EXPECT_EQ(router.match("PUT", "/api/v2/accounts/1/runs/2/", params).error().code,
              Errc::method_not_allowed);
}

}  // namespace
}  // namespace mw::http
