#include "roles/runner/network/tunnel_target.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace mw::runner {
namespace {

namespace json = boost::json;

constexpr const char* kHostNames[] = {"host", "hostname"};

std::optional<int> default_port(std::string_view adapter) {
    if (adapter == "postgres") return 5432;
    if (adapter == "redshift") return 5439;
    return std::nullopt;
}

std::string host_in(const json::object& fields) {
    for (auto name : kHostNames)
        if (const auto* host = fields.if_contains(name); host && host->is_string())
            return std::string(host->get_string());
    return {};
}

// A number, or a text that is one.
std::optional<int> port_in(const json::object& fields) {
    const auto* port = fields.if_contains("port");
    if (!port) return std::nullopt;
    int number = 0;
    if (port->is_int64() && port->get_int64() > 0 && port->get_int64() <= 65535)
        number = static_cast<int>(port->get_int64());
    if (const auto* text = port->if_string())
        std::from_chars(text->data(), text->data() + text->size(), number);
    return number > 0 && number <= 65535 ? std::optional(number) : std::nullopt;
}

}  // namespace

result<TunnelTarget> tunnel_target(const ProfileSpec& profile) {
    auto usual = default_port(profile.adapter);
    if (!usual)
        return fail(Errc::invalid_argument,
                    fmt::format("The connection \"{}\" can't go through an SSH tunnel: only those "
                                "of postgres and redshift can, and it is one of {}.",
                                profile.connection_name, profile.adapter));
    TunnelTarget target{host_in(profile.extended_attributes), *usual};
    if (target.host.empty()) target.host = host_in(profile.connection);
    if (target.host.empty())
        return fail(Errc::invalid_argument,
                    fmt::format("The connection \"{}\" names no host.", profile.connection_name));
    auto laid_over = port_in(profile.extended_attributes);
    target.port = laid_over ? *laid_over : port_in(profile.connection).value_or(*usual);
    return target;
}

void lead_through(ProfileSpec& profile, std::uint16_t port) {
    for (auto name : kHostNames) {
        profile.extended_attributes.erase(name);
        profile.connection.erase(name);
    }
    profile.extended_attributes.erase("port");
    profile.connection["hostname"] = "127.0.0.1";
    profile.connection["port"] = port;
}

}  // namespace mw::runner
