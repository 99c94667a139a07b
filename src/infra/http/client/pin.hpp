// The pin of a certificate's public key, as libcurl takes it. Private to this folder.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace mw::http::detail {

// "sha256//<base64>" of the first certificate in the PEM file. Blocking: one small read.
result<std::string> public_key_pin(const std::filesystem::path& certificate);

}  // namespace mw::http::detail
