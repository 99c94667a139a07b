// Who an identity provider says that somebody is.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "features/sign_on/auth_provider.hpp"

namespace mw::sign_on {

struct Identity {
    std::string email;  // in lower case
    std::string first_name;
    std::string last_name;
    // Empty optional: it says nothing of groups, which then stay as they are.
    std::optional<std::vector<std::string>> groups;
};

using Attributes = std::map<std::string, std::vector<std::string>>;

// What an attribute of the provider is to us, by the provider's own `attribute_map` (a JSON
// object, either way round) and, where that says nothing, by the names that providers use.
// `name_id` stands in for a missing e-mail address if it is one.
// Errors: unauthenticated, saying what is missing; forbidden for an address outside its domain.
result<Identity> identity_of(const AuthProvider& provider, const Attributes& attributes,
                             const std::string& name_id);

// The claims of an ID token as attributes: texts and lists of texts.
Attributes attributes_of(const boost::json::object& claims);

// Errors: invalid_argument when the text is no JSON object of texts.
result<> check_attribute_map(std::string_view text);

}  // namespace mw::sign_on
