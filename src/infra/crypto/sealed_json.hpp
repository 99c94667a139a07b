// A JSON object of secrets, sealed as a whole.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "infra/crypto/sealed.hpp"

namespace mw::crypto {

std::string seal_json(const Sealer& sealer, const boost::json::object& secrets,
                      std::string_view context);
// Errors: `internal` when it is damaged, moved or foreign; never says what was in it.
result<boost::json::object> open_json(const Sealer& sealer, std::string_view sealed,
                                      std::string_view context);

// What is sealed already, if anything, with these laid over it; sealed anew.
result<std::string> reseal_json(const Sealer& sealer, std::optional<std::string_view> sealed,
                                const boost::json::object& given, std::string_view context);

}  // namespace mw::crypto
