#include "features/sign_on/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_reader.hpp"
#include "base/storable_text.hpp"
#include "features/users/email.hpp"

namespace mw::sign_on {
namespace {

constexpr std::size_t kNameBytesMax = 150;
constexpr std::array<std::string_view, 4> kFields{"email", "first_name", "last_name", "groups"};

#define MW_CLAIM "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

// Best first. Microsoft's names are those of its SAML tokens.
std::vector<std::string_view> usual_names(std::string_view field) {
    if (field == "email")
        return {"email", "mail", "emailAddress", MW_CLAIM "emailaddress", "preferred_username",
                "upn"};
    if (field == "first_name")
        return {"first_name", "given_name", "firstName", "givenName", MW_CLAIM "givenname"};
    if (field == "last_name")
        return {"last_name", "family_name", "lastName", "surname", "sn", MW_CLAIM "surname"};
    return {"groups", "memberOf", "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"};
}

bool is_field(std::string_view name) {
    return std::ranges::find(kFields, name) != kFields.end();
}

result<boost::json::object> parse_map(std::string_view text) {
    if (text.empty()) return boost::json::object{};
    MW_TRY(auto value, parse_json(text));
    if (const auto* object = value.if_object()) return *object;
    return fail(Errc::invalid_argument, "must be a JSON object");
}

const std::vector<std::string>* find(const Attributes& attributes, std::string_view name) {
    auto found = attributes.find(std::string(name));
    return found == attributes.end() ? nullptr : &found->second;
}

// Of this field, by the map first.
const std::vector<std::string>* values_of(const Attributes& attributes,
                                          const boost::json::object& map, std::string_view field) {
    for (const auto& [key, value] : map) {
        if (!value.is_string()) continue;
        std::string_view other = value.get_string();
        if (std::string_view(key) == field && !is_field(other)) return find(attributes, other);
        if (other == field) return find(attributes, key);
    }
    for (auto name : usual_names(field))
        if (const auto* values = find(attributes, name)) return values;
    return nullptr;
}

std::string text_of(const std::vector<std::string>* values) {
    return values && !values->empty() ? values->front() : std::string();
}

// What no form would take is left out.
std::string name_of(const std::vector<std::string>* values) {
    auto text = text_of(values);
    return text.size() <= kNameBytesMax ? storable_text(text, kNameBytesMax) : std::string();
}

result<> check_domain(const AuthProvider& provider, const Identity& identity) {
    if (!provider.domain || provider.domain->empty()) return {};
    if (identity.email.ends_with("@" + users::lower_email(*provider.domain))) return {};
    return fail(Errc::forbidden,
                fmt::format("{} is no address of {}.", identity.email, *provider.domain));
}

}  // namespace

result<Identity> identity_of(const AuthProvider& provider, const Attributes& attributes,
                             const std::string& name_id) {
    auto map = parse_map(provider.attribute_map).value_or(boost::json::object{});
    Identity identity;
    identity.email = users::lower_email(text_of(values_of(attributes, map, "email")));
    if (!users::is_email(identity.email) && users::is_email(name_id))
        identity.email = users::lower_email(name_id);
    if (!users::is_email(identity.email))
        return fail(Errc::unauthenticated,
                    "The identity provider does not say an e-mail address: let it send one as "
                    "`email`, or name its attribute in the provider's attribute map.");
    identity.first_name = name_of(values_of(attributes, map, "first_name"));
    identity.last_name = name_of(values_of(attributes, map, "last_name"));
    if (const auto* groups = values_of(attributes, map, "groups")) identity.groups = *groups;
    MW_CHECK(check_domain(provider, identity));
    return identity;
}

Attributes attributes_of(const boost::json::object& claims) {
    Attributes attributes;
    for (const auto& [name, value] : claims) {
        if (value.is_string()) {
            attributes[name] = {std::string(value.get_string())};
        } else if (const auto* list = value.if_array()) {
            auto& texts = attributes[name];
            for (const auto& each : *list)
                if (each.is_string()) texts.emplace_back(each.get_string());
        }
    }
    return attributes;
}

result<> check_attribute_map(std::string_view text) {
    MW_TRY(auto map, parse_map(text));
    for (const auto& [key, value] : map)
        if (!value.is_string())
            return fail(Errc::invalid_argument, fmt::format("{} must be a text", key));
    return {};
}

}  // namespace mw::sign_on
