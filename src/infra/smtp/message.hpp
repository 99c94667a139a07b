// A mail as the text that a mail server takes (RFC 5322, MIME). Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace mw::smtp {

struct Message {
    std::string from_address = {};
    std::string from_name = {};  // shown with the address; may be empty
    std::string to = {};         // one address
    std::string subject = {};
    std::string text = {};  // UTF-8, lines of any length
    std::string html = {};  // the same for programs that show HTML; when empty, there is only text
    std::string message_id = {};  // without <>, such as "uuid@host"; the same for every attempt
    Timestamp date = {};
    // That ends such mail at once when a mail program posts to it (RFC 8058).
    std::optional<std::string> unsubscribe_url = {};
};

// One mailbox that mail can be sent to as it is: exactly one '@' with something on both sides, at
// most 320 bytes of ASCII; no blanks, control characters, quotes, comments, lists or groups.
bool is_address(std::string_view text);

// The whole mail: ASCII with CRLF line ends, no line longer than 998 characters, and marked as sent
// by a program. Lines may begin with a dot: who sends it doubles the dots.
//
// Errors: `invalid_argument` with the field's name, for a control character (such as a line break,
// by which a value could add headers) or broken UTF-8 in anything but `text` and `html`, and for
// what is no address, message id or URL.
result<std::string> to_rfc5322(const Message& message);

}  // namespace mw::smtp
