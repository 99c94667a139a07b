// To which addresses a request may go whose URL somebody else has chosen: to those of the public
// internet, and to networks that the operator allows.
//
// It is the address itself that is looked at, when a connection is opened: however the URL spells
// it, and whatever a name resolves to by then.
// Sources: the IANA registries of special-purpose addresses (RFC 6890 and its updates).
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::http {

// Of the public internet: not private, loopback, link-local, multicast, reserved, nor an IPv6
// address that stands for an IPv4 one that is.
bool is_public(const boost::asio::ip::address& address);

class AddressRules {
  public:
    // "10.0.0.0/8, 192.168.1.7, fd00::/8": networks and addresses that are allowed besides.
    // Errors: invalid_argument, naming what is none.
    static result<AddressRules> parse(std::string_view allowed);

    bool admits(const boost::asio::ip::address& address) const;

  private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace mw::http
