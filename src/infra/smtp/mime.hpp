// How mail writes bytes: base64, encoded words, quoted-printable. Pure. Private to this folder.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mw::smtp::detail {

// RFC 4648, with padding, in one line.
std::string base64(std::string_view bytes);

// UTF-8 as words of RFC 2047, each of at most 75 characters and of whole UTF-8 sequences, one a
// line. `indent`: how many characters are on the first line already, at most 40.
std::string encoded_words(std::string_view text, std::size_t indent);

// RFC 2045: ASCII lines of at most 76 characters. LF and CRLF are line ends and become CRLF.
std::string quoted_printable(std::string_view text);

}  // namespace mw::smtp::detail
