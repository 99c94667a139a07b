#include "features/webhooks/delivery.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/storable_text.hpp"
#include "infra/crypto/hmac.hpp"

namespace mw::webhooks {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kKeptBytes = 4096;

}  // namespace

boost::asio::awaitable<Attempt> deliver(http::Client& client, std::string url, Secret hmac_secret,
                                        std::string payload, const http::AddressRules& addresses) {
    Attempt attempt;
    http::ClientRequest request{.method = "POST", .url = std::move(url)};
    request.connect_timeout = 5s;
    request.total_timeout = 10s;
    request.admits = [&addresses](const boost::asio::ip::address& address) {
        return addresses.admits(address);
    };
    auto signature = crypto::hmac_sha256_hex(hmac_secret, payload);
    request.set_json(std::move(payload));
    request.headers.emplace_back("User-Agent", "millwright-webhooks/1");
    // Without a scheme before it, as subscribers expect.
    request.headers.emplace_back("Authorization", signature);
    boost::json::object headers;
    for (const auto& [name, value] : request.headers)
        headers[name] = value;
    attempt.request_headers = boost::json::serialize(headers);
    std::string kept;
    request.body_sink = [&kept](std::string_view piece) -> result<> {
        kept += piece.substr(0, kKeptBytes - std::min(kept.size(), kKeptBytes));
        return {};
    };
    auto response = co_await client.send(std::move(request));
    if (!response) {
        attempt.error_info = response.error().message;
        if (response.error().code == Errc::forbidden)
            attempt.error_info +=
                ": it is not of the public internet. An operator can allow its network: "
                "MILLWRIGHT_WEBHOOK_NETWORKS";
        co_return attempt;
    }
    attempt.http_status_code = response->status;
    attempt.response_body = storable_text(response->ok() ? kept : response->body, kKeptBytes);
    if (!attempt.taken())
        attempt.error_info = fmt::format("The subscriber answered {}.", response->status);
    co_return attempt;
}

}  // namespace mw::webhooks
