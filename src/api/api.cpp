#include "api/api.hpp"

#include "api/form.hpp"

namespace mw::api {

std::unexpected<Error> not_found() {
    return fail(Errc::not_found,
                "The requested resource was not found. Please check that you have the proper "
                "permissions.");
}

result<> check_csrf(const http::Request& request, const Caller& caller) {
    bool safe = request.method == "GET" || request.method == "HEAD";
    if (safe || caller.kind != Caller::Kind::session) return {};
    if (!request.header("x-millwright-csrf").empty()) return {};
    return fail(Errc::forbidden, "A signed-in browser must send the header X-Millwright-Csrf.");
}

result<Id> Call::id(std::string_view name) const {
    auto found = request.path_params.find(name);
    auto id = found == request.path_params.end() ? std::nullopt : parse_id(found->second);
    if (!id) return not_found();
    return *id;
}

result<RequestBody> Call::body() const {
    if (is_form(request)) return parse_form(request.body);
    MW_TRY(auto value, parse_json(request.body.empty() ? std::string_view("{}")
                                                       : std::string_view(request.body)));
    return RequestBody(std::move(value));
}

void Api::add(std::string method, std::string pattern, Endpoint endpoint) {
    router_.add(std::move(method), std::move(pattern),
                [this, endpoint = std::move(endpoint)](http::Request& request) -> Reply {
                    MW_CO_TRY(auto caller, co_await authenticator_.authenticate(request));
                    MW_CO_CHECK(check_csrf(request, caller));
                    Call call{request, std::move(caller), 0};
                    call.account_id = call.caller.account_id;
                    if (request.path_params.contains("account_id")) {
                        MW_CO_TRY(auto account, call.id("account_id"));
                        if (account != call.caller.account_id) co_return not_found();
                    }
                    co_return co_await endpoint(call);
                });
}

}  // namespace mw::api
