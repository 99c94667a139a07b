#include "features/managed_repositories/git_api.hpp"

#include "features/audit/audit_store.hpp"
#include "features/repositories/repository_store.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/git/bare_repository.hpp"
#include "infra/http/server/error_response.hpp"

namespace mw::managed_repositories {
namespace {

namespace asio = boost::asio;
using git::Service;
using repositories::Repository;

// Fetches send what they have: object names alone.
constexpr std::uint64_t kFetchBytesMax = 32UL * 1024 * 1024;

// The token in "Basic <user:token>", as git sends it; a token by itself may stand as the user.
std::optional<std::string> basic_token(std::string_view header) {
    constexpr std::string_view kScheme = "basic ";
    if (header.size() < kScheme.size()) return std::nullopt;
    auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    if (!std::ranges::equal(header.substr(0, kScheme.size()), kScheme, same)) return std::nullopt;
    auto pair = crypto::base64_decode(header.substr(kScheme.size()));
    if (!pair) return std::nullopt;
    auto colon = pair->find(':');
    if (colon == pair->npos) return std::nullopt;
    auto password = pair->substr(colon + 1);
    return password.empty() ? pair->substr(0, colon) : password;
}

// A browser's cookie is none of git's ways in.
http::Request with_token_alone(const http::Request& request) {
    http::Request asked;
    asked.method = request.method;
    asked.client_address = request.client_address;
    asked.request_id = request.request_id;
    auto header = request.header("authorization");
    if (auto token = basic_token(header))
        asked.headers["authorization"] = "Token " + *token;
    else if (!header.empty())
        asked.headers["authorization"] = header;
    return asked;
}

struct Admitted {
    api::Caller caller;
    Repository repository;
    Service service = Service::fetch;
};

class GitApi {
  public:
    GitApi(api::Authenticator& authenticator, pg::Pool& pool, git::HttpBackend& backend)
        : authenticator_(authenticator), pool_(pool), backend_(backend) {}

    asio::awaitable<std::optional<http::Response>> admit(http::Request& request) {
        auto admitted = co_await who(request);
        if (admitted) co_return std::nullopt;
        co_return refusal(admitted.error(), request);
    }

    api::Reply serve(http::Request& request) {
        auto admitted = co_await who(request);
        if (!admitted) co_return refusal(admitted.error(), request);
        const auto& [caller, repository, service] = *admitted;
        if (service == Service::push && request.method == "POST")
            MW_CO_CHECK(co_await record_push(caller, repository));
        co_return co_await backend_.serve(request, service,
                                          repositories::managed_folder(repository.id), caller.name);
    }

  private:
    asio::awaitable<result<Admitted>> who(const http::Request& request) {
        auto service = git::service_of(request);
        // What git asks of a server that knows only how to give out files.
        if (!service)
            co_return fail(Errc::forbidden, "Only git's smart HTTP protocol is spoken here.");
        auto asked = with_token_alone(request);
        MW_CO_TRY(auto caller, co_await authenticator_.authenticate(asked));
        http::Request named = request;
        api::Call call{named, caller, {}, caller.account_id};
        MW_CO_TRY(auto id, call.id("repository_id"));
        MW_CO_TRY(auto found, co_await repositories::find_repository(pool_, caller.account_id, id));
        if (!found || !found->managed_name) co_return api::not_found();
        MW_CO_CHECK(permit(caller.grants, *service, found->project_id));
        co_return Admitted{std::move(caller), std::move(*found), *service};
    }

    static result<> permit(const api::Grants& grants, Service service, Id project_id) {
        using api::Area;
        bool may_fetch = grants.may(api::reads(Area::repositories), project_id) ||
                         grants.may(api::reads(Area::develop), project_id);
        if (!may_fetch) return api::not_found();
        if (service == Service::fetch) return {};
        bool may_push = grants.may(api::writes(Area::repositories), project_id) ||
                        grants.may(api::writes(Area::develop), project_id);
        if (!may_push) return api::forbidden(api::writes(Area::develop));
        return {};
    }

    static http::Response refusal(const Error& error, const http::Request& request) {
        auto response = http::error_response(error, request.request_id);
        // Without it, git does not ask its user for a password.
        if (error.code == Errc::unauthenticated)
            response.headers["www-authenticate"] =
                "Basic realm=\"Millwright: any user name, an API token as the password\"";
        return response;
    }

    asio::awaitable<result<>> record_push(const api::Caller& caller, const Repository& repository) {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        co_return co_await audit::record(
            *connection, caller,
            {"repository.pushed",
             "repository",
             repository.id,
             {{"name", *repository.managed_name}, {"project_id", repository.project_id}}});
    }

    api::Authenticator& authenticator_;
    pg::Pool& pool_;
    git::HttpBackend& backend_;
};

}  // namespace

void add_git_endpoints(api::Api& api, pg::Pool& pool, git::HttpBackend& backend) {
    auto git_api = std::make_shared<GitApi>(api.authenticator(), pool, backend);
    const std::string path = "/git/{repository_id}/{name}/";
    auto serve = [git_api](http::Request& request) { return git_api->serve(request); };
    auto admit = [git_api](http::Request& request) { return git_api->admit(request); };
    api.open().add("GET", path + "info/refs", serve);
    api.open().add("POST", path + "git-upload-pack", serve,
                   {.max_bytes = kFetchBytesMax, .to_file = true, .admit = admit});
    api.open().add("POST", path + "git-receive-pack", serve,
                   {.max_bytes = git::kMostPushedBytes, .to_file = true, .admit = admit});
}

}  // namespace mw::managed_repositories
