// For tests: a database, an object store in a temporary folder, and the public API as a caller
// meets it, but without sockets.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>

#include "api/api.hpp"
#include "infra/http/server/error_response.hpp"
#include "infra/store/object_store.hpp"
#include "test_support/temp_dir.hpp"
#include "test_support/world.hpp"

namespace mw::test {

// Everyone is let in as whoever the test says.
class OpenAuthenticator final : public api::Authenticator {
  public:
    api::Caller caller;
    boost::asio::awaitable<result<api::Caller>> authenticate(const http::Request&) override {
        co_return caller;
    }
};

struct Answer {
    int status = 0;
    http::Headers headers;
    std::string body;

    boost::json::value json() const { return boost::json::parse(body); }
    // The envelope's data.
    boost::json::value data() const { return json().at("data"); }
    std::string message() const {
        return std::string(json().at("status").at("user_message").as_string());
    }
};

class ApiWorld : public World {
  public:
    ApiWorld() {
        auto opened = store::make_object_store("file:" + folder_.path().string(), blocking_);
        if (!opened) throw std::runtime_error(opened.error().message);
        objects_ = std::move(*opened);
    }

    // From now on, requests are of this account.
    void act_as(Id account_id, api::Caller::Kind kind = api::Caller::Kind::user_token) {
        authenticator_.caller.kind = kind;
        authenticator_.caller.account_id = account_id;
        authenticator_.caller.name = "ann@example.com";
        authenticator_.caller.user_id = 3;
        authenticator_.caller.grants = api::Grants::everything();
    }
    const api::Caller& caller() const { return authenticator_.caller; }

    // "/path?name=value&…", nothing encoded.
    Answer call(std::string method, std::string target, std::string body = {},
                http::Headers headers = {}) {
        return call(router_, std::move(method), std::move(target), std::move(body),
                    std::move(headers));
    }
    Answer get(std::string target) { return call("GET", std::move(target)); }
    Answer post(std::string target, std::string body = {}) {
        return call("POST", std::move(target), std::move(body));
    }
    using World::get;

    Answer call(http::Router& router, std::string method, std::string target, std::string body,
                http::Headers headers, std::filesystem::path body_file = {}) {
        http::Request request;
        request.method = std::move(method);
        read_target(target, request);
        request.body = std::move(body);
        request.body_file = std::move(body_file);
        request.headers = std::move(headers);
        // What the page of a signed-in user always sends.
        request.headers["x-millwright-csrf"] = "1";
        return run([&]() -> boost::asio::awaitable<Answer> {
            auto route = router.match(request.method, request.path, request.path_params);
            auto response = route ? co_await (*route)->handler(request)
                                  : result<http::Response>(fail(route.error()));
            auto shown =
                response ? std::move(*response) : http::error_response(response.error(), "");
            Answer answer{shown.status, shown.headers, std::move(shown.body)};
            while (shown.stream) {
                auto piece = co_await shown.stream();
                if (!piece) throw std::runtime_error(piece.error().message);
                if (piece->empty()) break;
                answer.body += *piece;
            }
            co_return answer;
        });
    }

    std::filesystem::path write_file(std::string_view name, std::string_view content) {
        auto file = folder_.path() / name;
        std::ofstream(file, std::ios::binary) << content;
        return file;
    }

    store::ObjectStore& objects() { return *objects_; }
    BlockingPool& blocking() { return blocking_; }
    http::Router& router() { return router_; }
    api::Api& api() { return api_; }
    OpenAuthenticator& authenticator() { return authenticator_; }

  private:
    static void read_target(const std::string& target, http::Request& request) {
        auto mark = target.find('?');
        request.path = target.substr(0, mark);
        std::string_view rest =
            mark == target.npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
        while (!rest.empty()) {
            auto end = rest.find('&');
            auto pair = rest.substr(0, end);
            auto equals = pair.find('=');
            request.query.emplace_back(pair.substr(0, equals),
                                       equals == pair.npos ? "" : pair.substr(equals + 1));
            rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
        }
    }

    TempDir folder_;
    BlockingPool blocking_;
    std::unique_ptr<store::ObjectStore> objects_;
    OpenAuthenticator authenticator_;
    http::Router router_;
    api::Api api_{router_, authenticator_};
};

}  // namespace mw::test
