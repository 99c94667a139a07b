// One try to deliver an event: a POST to the subscriber, signed as dbt Cloud signs (contract 4.1).
//
// Whatever comes of it is an Attempt, never an error: it is what the receipt says.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "base/secret.hpp"
#include "infra/http/client/address_rules.hpp"
#include "infra/http/client/client.hpp"

namespace mw::webhooks {

struct Attempt {
    int http_status_code = 0;  // 0: there was no answer
    std::string error_info;    // empty: the subscriber took it
    std::string request_headers;
    std::string response_body;  // its first 4 KiB

    bool taken() const { return http_status_code >= 200 && http_status_code < 300; }
};

// Ten seconds at most; no redirect is followed, and no address called that the rules do not admit.
boost::asio::awaitable<Attempt> deliver(http::Client& client, std::string url, Secret hmac_secret,
                                        std::string payload, const http::AddressRules& addresses);

}  // namespace mw::webhooks
