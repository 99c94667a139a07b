// gzip of a whole text. Private to this folder.
#pragma once

#include <string>
#include <string_view>

namespace mw::proxy {

std::string gzip(std::string_view plain);

}  // namespace mw::proxy
