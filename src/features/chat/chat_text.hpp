// Texts as chats take them: of limited length, and without meaning to their markup. Pure.
//
// Lengths are of UTF-16 units, which is the strictest way in which Slack and Teams may count.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mw::chat {

// Cut to the length, with … at its end; what is no text becomes U+FFFD.
std::string shortened(std::string_view text, std::size_t most);

// One line of it: the first that has words in it.
std::string first_line(std::string_view text, std::size_t most);

// The same for Slack: & < > are written so that nothing in it is a link or a mention. The length
// is of what comes out.
std::string slack_text(std::string_view text, std::size_t most);

}  // namespace mw::chat
