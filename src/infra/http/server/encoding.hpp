// Answers in fewer bytes, for clients that take them so (RFC 9110, section 12.5.3).
#pragma once

#include <string_view>

#include "infra/http/server/message.hpp"

namespace mw::http {

enum class Encoding { plain, gzip, zstd };

// The best that the value of Accept-Encoding allows.
Encoding chosen_encoding(std::string_view accept_encoding);

// Packs a text in memory that is worth it; streams, small and encoded ones stay as they are.
void encode(Response& response, std::string_view accept_encoding);

}  // namespace mw::http
