// What libcurl's codes mean for a caller. Private to this folder.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw::http::detail {

// `text` is curl's error buffer: names, ports and reasons, never a header or a path.
Error error_of(CURLcode code, const std::string& host, std::string_view text);

}  // namespace mw::http::detail
