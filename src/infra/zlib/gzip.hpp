// gzip of a whole text (RFC 1952).
#pragma once

#include <string>
#include <string_view>

namespace mw::zlib {

enum class Effort {
    once,   // what is sent once: a tenth of the time for some more bytes
    often,  // what is kept and sent again and again
};

std::string gzip(std::string_view plain, Effort effort);

}  // namespace mw::zlib
