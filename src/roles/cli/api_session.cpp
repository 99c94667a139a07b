#include "roles/cli/api_session.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/json_text.hpp"

namespace mw::cli {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

result<> read_demo_file(const std::filesystem::path& file, ApiTarget& target) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    boost::json::error_code error;
    auto json = boost::json::parse(text.str(), error);
    if (!in || error || !json.is_object())
        return fail(Errc::invalid_argument, fmt::format("{}: cannot be read", file.string()));
    const auto& object = json.get_object();
    target.url = text_of(object, "url");
    target.token = Secret(text_of(object, "token"));
    target.pinned_certificate = text_of(object, "certificate");
    if (const auto* id = object.if_contains("account_id"); id && id->is_int64())
        target.account_id = id->get_int64();
    return {};
}

}  // namespace

// What the API said, or what came instead of its envelope.
Error api_error(const http::ClientResponse& response) {
    boost::json::error_code error;
    auto json = boost::json::parse(response.body, error);
    std::string message = fmt::format("the API answered {}", response.status);
    if (!error && json.is_object())
        if (const auto* status = json.get_object().if_contains("status");
            status && status->is_object())
            message = text_of(status->get_object(), "user_message");
    auto code = response.status == 404   ? Errc::not_found
                : response.status == 401 ? Errc::unauthenticated
                : response.status >= 500 ? Errc::unavailable
                                         : Errc::invalid_argument;
    return {code, std::move(message), {}, {}};
}

result<ApiTarget> ApiTarget::find(const std::filesystem::path& demo_file) {
    ApiTarget target;
    target.url = environment("MILLWRIGHT_URL");
    target.token = Secret(environment("MILLWRIGHT_TOKEN"));
    target.pinned_certificate = environment("MILLWRIGHT_CA_FILE");
    if (!target.url.empty() && !target.token.empty()) return target;

    std::error_code ignored;
    auto file = demo_file.empty() ? std::filesystem::path("var/demo.json") : demo_file;
    if (demo_file.empty() && !std::filesystem::exists(file, ignored))
        return fail(Errc::invalid_argument,
                    "Say where the appliance is and who you are: set MILLWRIGHT_URL and "
                    "MILLWRIGHT_TOKEN, or give --demo-file var/demo.json as `make up` leaves it.");
    MW_CHECK(read_demo_file(file, target));
    return target;
}

boost::asio::awaitable<result<>> ApiSession::open() {
    if (target_.account_id != 0) co_return result<>{};
    MW_CO_TRY(auto accounts, co_await get("/api/v2/accounts/"));
    if (!accounts.is_array() || accounts.get_array().empty())
        co_return fail(Errc::not_found, "The token belongs to no account.");
    target_.account_id = accounts.get_array()[0].as_object().at("id").as_int64();
    co_return result<>{};
}

std::string ApiSession::account_path(std::string_view rest) const {
    return fmt::format("/api/v2/accounts/{}/{}", target_.account_id, rest);
}

std::string ApiSession::ui_path(std::string_view rest) const {
    return fmt::format("/api/ui/accounts/{}/{}", target_.account_id, rest);
}

boost::asio::awaitable<result<boost::json::value>> ApiSession::get(std::string path) {
    http::ClientRequest request;
    request.url = target_.url + path;
    co_return co_await send(std::move(request));
}

boost::asio::awaitable<result<boost::json::value>> ApiSession::post(std::string path,
                                                                    boost::json::value body) {
    http::ClientRequest request;
    request.method = "POST";
    request.url = target_.url + path;
    request.set_json(boost::json::serialize(body));
    co_return co_await send(std::move(request));
}

boost::asio::awaitable<result<boost::json::value>> ApiSession::send(http::ClientRequest request) {
    request.bearer_token = target_.token;
    request.pinned_certificate = target_.pinned_certificate;
    MW_CO_TRY(auto response, co_await client_.send(std::move(request)));
    if (!response.ok()) co_return fail(api_error(response));
    boost::json::error_code error;
    auto json = boost::json::parse(response.body, error);
    if (error || !json.is_object())
        co_return fail(Errc::upstream_failed,
                       "The answer is not what the API sends. Is the URL "
                       "that of a Millwright appliance?");
    if (auto* data = json.get_object().if_contains("data")) co_return std::move(*data);
    co_return json;
}

}  // namespace mw::cli
