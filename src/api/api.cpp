#include "api/api.hpp"

#include <fmt/format.h>

#include <cmath>

#include "api/form.hpp"

namespace mw::api {

namespace {

// The database gives a number back in digits, which near the largest there is are read as infinite.
constexpr double kNumberMax = 1e300;

// What no column of text or JSON can hold; empty when there is nothing of it.
std::string_view what_cannot_be_kept(const boost::json::value& value) {
    constexpr std::string_view kNul = "a NUL character";
    if (const auto* number = value.if_double())
        return std::abs(*number) < kNumberMax ? std::string_view{} : "a number that is too large";
    if (const auto* text = value.if_string())
        return text->find('\0') == text->npos ? std::string_view{} : kNul;
    if (const auto* list = value.if_array())
        for (const auto& item : *list)
            if (auto what = what_cannot_be_kept(item); !what.empty()) return what;
    if (const auto* object = value.if_object())
        for (const auto& [name, member] : *object) {
            if (name.find('\0') != name.npos) return kNul;
            if (auto what = what_cannot_be_kept(member); !what.empty()) return what;
        }
    return {};
}

// Whatever is of an account, and what one changes of oneself.
bool may_change_rights(const http::Request& request, Need need) {
    if (request.method == "GET" || request.method == "HEAD") return false;
    return need.access == Access::none || !is_of_project(need.area) ||
           need.area == Area::permissions;
}

}  // namespace

std::unexpected<Error> not_found() {
    return fail(Errc::not_found,
                "The requested resource was not found. Please check that you have the proper "
                "permissions.");
}

std::unexpected<Error> forbidden(Need need) {
    return fail(Errc::forbidden,
                fmt::format("You do not have permission to do this: it needs {} access to {}. An "
                            "administrator of the account can grant it.",
                            need.access == Access::write ? "write" : "read", name_of(need.area)));
}

result<> check_rate(RateLimit& limit, const Caller& caller) {
    auto wait = limit.wait(caller, std::chrono::steady_clock::now());
    if (wait.count() == 0) return {};
    Error error{Errc::limit_exceeded,
                fmt::format("Too many requests with this token. Try again in {} s.", wait.count()),
                {},
                {}};
    error.retry_after_seconds = static_cast<int>(wait.count());
    return fail(std::move(error));
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
    if (auto what = what_cannot_be_kept(value); !what.empty())
        return fail(Errc::invalid_argument, fmt::format("The body must not hold {}.", what));
    return RequestBody(std::move(value));
}

result<> Call::permit(Id project_id) const {
    if (!caller.grants.may(reads(need.area), project_id)) return not_found();
    if (!caller.grants.may(need, project_id)) return forbidden(need);
    return {};
}

result<> Call::permit(Id project_id, std::string_view environment_category) const {
    MW_CHECK(permit(project_id));
    if (!caller.grants.may_in(need, project_id, environment_category)) return forbidden(need);
    return {};
}

result<> Call::permit(Need other) const {
    if (!caller.grants.may(other)) return forbidden(other);
    return {};
}

Route& Api::add(std::string method, std::string pattern, Need need, Endpoint endpoint) {
    auto handle = [this, need, endpoint = std::move(endpoint)](http::Request& request) -> Reply {
        MW_CO_TRY(auto caller, co_await authenticator_.authenticate(request));
        MW_CO_CHECK(check_rate(limit_, caller));
        MW_CO_CHECK(check_csrf(request, caller));
        Call call{request, std::move(caller), need, 0};
        call.account_id = call.caller.account_id;
        if (request.path_params.contains("account_id")) {
            MW_CO_TRY(auto account, call.id("account_id"));
            if (account != call.caller.account_id) co_return not_found();
        }
        MW_CO_CHECK(call.permit(need));
        if (request.path_params.contains("project_id")) {
            MW_CO_TRY(auto project, call.id("project_id"));
            MW_CO_CHECK(call.permit(project));
        }
        auto answer = co_await endpoint(call);
        if (may_change_rights(request, need)) authenticator_.rights_changed();
        co_return answer;
    };
    router_.add(method, pattern, std::move(handle));
    return routes_.emplace_back(Route{std::move(method), std::move(pattern), need});
}

}  // namespace mw::api
