#include "infra/http/client/address_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/trimmed.hpp"

namespace mw::http {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;
using boost::asio::ip::network_v4;
using boost::asio::ip::network_v6;

constexpr std::array<const char*, 15> kSpecialV4{
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4"};
// What of IPv6 is public lies in 2000::/3; these lie there and are not.
constexpr const char* kGlobalV6 = "2000::/3";
constexpr std::array<const char*, 4> kSpecialV6{"2001::/23", "2001:db8::/32", "3fff::/20",
                                                "5f00::/16"};

bool holds(const network_v4& network, const address_v4& address) {
    auto mask = network.netmask().to_uint();
    return (network.address().to_uint() & mask) == (address.to_uint() & mask);
}

bool holds(const network_v6& network, const address_v6& address) {
    auto left = network.address().to_bytes();
    auto right = address.to_bytes();
    unsigned bits = network.prefix_length();
    for (std::size_t i = 0; i < left.size() && bits > 0; ++i) {
        unsigned here = std::min(bits, 8U);
        auto mask = static_cast<unsigned char>(0xFF << (8 - here));
        if ((left[i] & mask) != (right[i] & mask)) return false;
        bits -= here;
    }
    return true;
}

address_v4 v4_at(const address_v6& address, std::size_t place) {
    auto bytes = address.to_bytes();
    address_v4::bytes_type four{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(place), 4, four.begin());
    return address_v4(four);
}

// The IPv4 address that an IPv6 one stands for: mapped, compatible, translated (RFC 6052), 6to4.
std::optional<address_v4> embedded(const address_v6& address) {
    static const auto mapped = boost::asio::ip::make_network_v6("::ffff:0:0/96");
    static const auto compatible = boost::asio::ip::make_network_v6("::/96");
    static const auto translated = boost::asio::ip::make_network_v6("64:ff9b::/96");
    static const auto six_to_four = boost::asio::ip::make_network_v6("2002::/16");
    if (holds(mapped, address) || holds(translated, address)) return v4_at(address, 12);
    if (holds(six_to_four, address)) return v4_at(address, 2);
    // "::" and "::1" are themselves, and neither is public.
    if (holds(compatible, address) && !address.is_loopback() && !address.is_unspecified())
        return v4_at(address, 12);
    return std::nullopt;
}

bool is_public_v4(const address_v4& address) {
    return std::ranges::none_of(kSpecialV4, [&](const char* network) {
        return holds(boost::asio::ip::make_network_v4(network), address);
    });
}

}  // namespace

bool is_public(const address& address) {
    if (address.is_v4()) return is_public_v4(address.to_v4());
    auto v6 = address.to_v6();
    if (auto v4 = embedded(v6)) return is_public_v4(*v4);
    return holds(boost::asio::ip::make_network_v6(kGlobalV6), v6) &&
           std::ranges::none_of(kSpecialV6, [&](const char* network) {
               return holds(boost::asio::ip::make_network_v6(network), v6);
           });
}

result<AddressRules> AddressRules::parse(std::string_view allowed) {
    AddressRules rules;
    while (!allowed.empty()) {
        auto end = std::min(allowed.find(','), allowed.size());
        auto text = std::string(trimmed(allowed.substr(0, end)));
        allowed.remove_prefix(std::min(end + 1, allowed.size()));
        if (text.empty()) continue;
        bool whole = text.find('/') == std::string::npos;
        boost::system::error_code error;
        auto v4 = boost::asio::ip::make_network_v4(whole ? text + "/32" : text, error);
        if (!error) {
            rules.v4_.push_back(v4);
            continue;
        }
        auto v6 = boost::asio::ip::make_network_v6(whole ? text + "/128" : text, error);
        if (error)
            return fail(Errc::invalid_argument,
                        fmt::format("{} is no network, such as 10.0.0.0/8, and no address", text));
        rules.v6_.push_back(v6);
    }
    return rules;
}

bool AddressRules::admits(const address& address) const {
    if (is_public(address)) return true;
    auto v4 = address.is_v4() ? std::optional(address.to_v4()) : embedded(address.to_v6());
    if (v4 && std::ranges::any_of(v4_, [&](const auto& network) { return holds(network, *v4); }))
        return true;
    return address.is_v6() && std::ranges::any_of(v6_, [&](const auto& network) {
               return holds(network, address.to_v6());
           });
}

}  // namespace mw::http
