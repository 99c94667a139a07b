// Channels of Microsoft Teams, by the address of a workflow that posts what it is sent.
//
// The address is a secret: whoever has it may post. One io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "features/chat/outcome.hpp"
#include "infra/http/client/address_rules.hpp"
#include "infra/http/client/client.hpp"

namespace mw::chat {

// https, or http on this machine. Errors: invalid_argument for the field `url`.
result<std::string> host_of_url(std::string_view url);

class TeamsClient {
  public:
    // `networks`: where besides the public internet a channel's address may be.
    TeamsClient(const boost::asio::any_io_executor& executor, http::AddressRules networks);

    boost::asio::awaitable<Outcome> post(Secret url, boost::json::object message);

  private:
    http::Client client_;
    http::AddressRules networks_;
};

}  // namespace mw::chat
