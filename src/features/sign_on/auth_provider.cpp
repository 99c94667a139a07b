#include "features/sign_on/auth_provider.hpp"

#include <fmt/format.h>

namespace mw::sign_on {

Protocol protocol_of(std::string_view type) {
    return type == "saml" || type == "okta" ? Protocol::saml : Protocol::oidc;
}

std::string login_url(std::string_view public_url, const AuthProvider& provider) {
    return fmt::format("{}/enterprise-login/{}", public_url, provider.slug);
}

std::string callback_url(std::string_view public_url, const AuthProvider& provider) {
    return fmt::format("{}/complete/{}", public_url, provider.type);
}

std::string audience(std::string_view public_url) {
    return fmt::format("{}/", public_url);
}

std::string sealing_context(Id id) {
    return "auth_providers:" + std::to_string(id);
}

}  // namespace mw::sign_on
