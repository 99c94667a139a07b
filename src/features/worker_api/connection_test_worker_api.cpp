#include "features/worker_api/connection_test_worker_api.hpp"

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "features/connection_tests/connection_test_store.hpp"
#include "features/worker_api/run_token.hpp"
#include "features/worker_api/spec_store.hpp"
#include "features/worker_api/worker_input.hpp"

namespace mw::worker_api {
namespace {

using Reply = asio::awaitable<result<http::Response>>;
using connection_tests::ConnectionTest;
using connection_tests::Outcome;

constexpr std::uint64_t kBodyBytesMax = 1024UL * 1024;
constexpr TextLimit kMessage{0, 16 * 1024};
constexpr TextLimit kOutput{0, 256 * 1024};

// The process ends when it hears this.
std::unexpected<Error> lost() {
    return fail(Errc::lease_lost, "The test is over, or it is no longer this process's.");
}

class ConnectionTestWorkerApi {
  public:
    explicit ConnectionTestWorkerApi(WorkerApiDeps deps) : deps_(deps) {}

    Reply spec(http::Request& request) {
        MW_CO_TRY(auto hash, token_hash_of(request));
        MW_CO_TRY(auto test, co_await connection_tests::find_by_token(deps_.pool, hash));
        if (!test) co_return lost();
        auto parts =
            co_await load_connection_parts(deps_.pool, test->account_id, test->environment_id);
        if (!parts && parts.error().code == Errc::invalid_argument) {
            // What a person must set up: the test has found its answer.
            MW_CO_CHECK(co_await connection_tests::finish_test(deps_.pool, hash,
                                                               {.message = parts.error().message}));
            co_return lost();
        }
        if (!parts) co_return fail(std::move(parts).error());
        MW_CO_TRY(auto spec, assemble_connection_spec(*parts, deps_.sealer));
        spec["id"] = test->id;
        if (test->drop_schemas) {
            MW_CO_TRY(spec["drop_schemas"], parse_json(*test->drop_schemas));
        }
        auto response = http::Response::json(200, spec);
        response.headers["cache-control"] = "no-store";
        co_return response;
    }

    // Whether the test is still this process's, which it asks before it tells what it found.
    Reply heartbeat(http::Request& request) {
        MW_CO_TRY(auto hash, token_hash_of(request));
        MW_CO_TRY(auto test, co_await connection_tests::find_by_token(deps_.pool, hash));
        if (!test) co_return lost();
        co_return http::Response::json(200, boost::json::object{});
    }

    Reply finish(http::Request& request) {
        MW_CO_TRY(auto hash, token_hash_of(request));
        MW_CO_TRY(auto body, parse_json(request.body));
        Outcome outcome;
        JsonReader in(body);
        if (!in.has("ok")) in.error("ok", "is missing");
        in.keep("ok", outcome.ok);
        in.required("message", outcome.message, kMessage);
        in.required("output", outcome.output, kOutput);
        MW_CO_CHECK(in.finish());
        MW_CO_TRY(auto host_keys, read_host_keys(body));
        MW_CO_TRY(auto test, co_await connection_tests::find_by_token(deps_.pool, hash));
        if (!test) co_return lost();
        auto pin = [&](pg::Connection& tx) {
            return ssh_host_keys::pin(tx, test->account_id,
                                      fmt::format("connection test {}", test->id), host_keys);
        };
        if (!host_keys.empty()) MW_CO_CHECK(co_await pg::with_tx(deps_.pool, pin));
        MW_CO_TRY(auto finished, co_await connection_tests::finish_test(deps_.pool, hash, outcome));
        if (!finished) co_return lost();
        co_return http::Response::json(200, boost::json::object{});
    }

  private:
    WorkerApiDeps deps_;
};

}  // namespace

void add_connection_test_worker_endpoints(http::Router& router, WorkerApiDeps deps) {
    auto api = std::make_shared<ConnectionTestWorkerApi>(std::move(deps));
    const std::string path = "/internal/v1/connection-test/";
    router.add("GET", path + "spec", [api](http::Request& request) { return api->spec(request); });
    router.add("POST", path + "heartbeat",
               [api](http::Request& request) { return api->heartbeat(request); });
    router.add("POST", path + "finish",
               [api](http::Request& request) { return api->finish(request); },
               {.max_bytes = kBodyBytesMax});
}

}  // namespace mw::worker_api
