#include "features/chat/teams_client.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace mw::chat {
namespace {

using namespace std::chrono_literals;

// The answers of Power Automate that another try would not change.
std::string_view meaning_of(int status) {
    switch (status) {
        case 400:
            return "the workflow does not take the card";
        case 401:
        case 403:
            return "the address is no longer good: take the workflow's new one";
        case 404:
        case 410:
            return "the workflow is not there any more, or turned off";
        default:
            return {};
    }
}

Outcome outcome_of(const http::ClientResponse& response) {
    if (response.ok()) return {};
    if (response.status == 429) {
        auto wait = wait_of(response.header("retry-after"));
        return {Outcome::Kind::wait, fmt::format("Teams asked to wait {} s.", wait.count()), wait};
    }
    auto meaning = meaning_of(response.status);
    if (!meaning.empty())
        return {Outcome::Kind::dead,
                fmt::format("Teams answered {}: {}.", response.status, meaning)};
    return {Outcome::Kind::later, fmt::format("Teams answered {}.", response.status)};
}

}  // namespace

result<std::string> host_of_url(std::string_view text) {
    auto url = boost::urls::parse_uri(text);
    if (!url || url->host().empty() || url->has_userinfo())
        return fail_field("url", "must be the address of a workflow: https://…");
    auto host = url->host();
    bool here = host == "localhost" || host == "127.0.0.1" || host == "[::1]";
    if (url->scheme_id() == boost::urls::scheme::https ||
        (url->scheme_id() == boost::urls::scheme::http && here))
        return host;
    return fail_field("url", "must begin with https://");
}

TeamsClient::TeamsClient(const boost::asio::any_io_executor& executor, http::AddressRules networks)
    : client_(executor), networks_(std::move(networks)) {
}

boost::asio::awaitable<Outcome> TeamsClient::post(Secret url, boost::json::object message) {
    http::ClientRequest request{.method = "POST", .url = url.reveal()};
    request.connect_timeout = 5s;
    request.total_timeout = 15s;
    request.admits = [this](const auto& address) { return networks_.admits(address); };
    request.headers.emplace_back("User-Agent", "millwright-chat/1");
    request.set_json(boost::json::serialize(message));
    auto response = co_await client_.send(std::move(request));
    if (response) co_return outcome_of(*response);
    if (response.error().code == Errc::forbidden)
        co_return Outcome{Outcome::Kind::dead,
                          "The channel's address is not of the public internet. An operator can "
                          "allow its network: MILLWRIGHT_CHAT_NETWORKS"};
    co_return Outcome{Outcome::Kind::later, response.error().message};
}

}  // namespace mw::chat
