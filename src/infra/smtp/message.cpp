#include "infra/smtp/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/storable_text.hpp"
#include "infra/smtp/mime.hpp"

namespace mw::smtp {
namespace {

constexpr std::size_t kAddressBytesMax = 320;
constexpr std::size_t kUrlBytesMax = 900;  // a header line has 998 and cannot be folded in a URL
constexpr std::size_t kNameBytesMax = 60;  // longer ones are folded
constexpr std::size_t kWordBytesMax = 60;
constexpr std::size_t kLineWanted = 76;
// Quoted-printable never has "=_", so no part can have this line.
constexpr std::string_view kBoundary = "=_millwright_alternative";

bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7F;
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

bool is_utf8(std::string_view text) {
    return storable_text(text, text.size() + 3) == text;
}

bool is_atom_character(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(static_cast<char>(c)) !=
               std::string_view::npos;
}

result<> check_line(const char* field, std::string_view value) {
    if (std::ranges::any_of(value, is_control))
        return fail_field(field, "must not hold line breaks or other control characters");
    if (!is_utf8(value)) return fail_field(field, "is not valid UTF-8");
    return {};
}

result<> check_address(const char* field, std::string_view value) {
    MW_CHECK(check_line(field, value));
    if (!is_ascii(value))
        return fail_field(field, "mail to or from addresses beyond ASCII is not supported");
    if (!is_address(value)) return fail_field(field, "is not a mail address");
    return {};
}

result<> check_url(const char* field, std::string_view value) {
    MW_CHECK(check_line(field, value));
    if (value.empty() || value.size() > kUrlBytesMax || !is_ascii(value) ||
        value.find_first_of(" <>") != std::string_view::npos)
        return fail_field(field, "is not a URL that a mail can carry");
    return {};
}

result<> check_fields(const Message& message) {
    MW_CHECK(check_address("from_address", message.from_address));
    MW_CHECK(check_line("from_name", message.from_name));
    MW_CHECK(check_address("to", message.to));
    MW_CHECK(check_line("subject", message.subject));
    MW_CHECK(check_line("message_id", message.message_id));
    // It has the form of an address.
    if (!is_address(message.message_id))
        return fail_field("message_id", "is not of the form something@host");
    if (message.unsubscribe_url) MW_CHECK(check_url("unsubscribe_url", *message.unsubscribe_url));
    return {};
}

// Whether a reader would see these very characters: "=?" begins an encoded word.
bool is_plain(std::string_view text) {
    bool odd_blanks =
        text.starts_with(' ') || text.ends_with(' ') || text.find("  ") != std::string_view::npos;
    return is_ascii(text) && !odd_blanks && text.find("=?") == std::string_view::npos;
}

std::string from_header(const Message& message) {
    std::string header = "From: ";
    const auto& name = message.from_name;
    if (name.empty()) return header + message.from_address;
    auto in_atom = [](unsigned char c) { return c == ' ' || is_atom_character(c); };
    if (!is_plain(name) || name.size() > kNameBytesMax) {
        header += detail::encoded_words(name, header.size());
    } else if (std::ranges::all_of(name, in_atom)) {
        header += name;
    } else {
        header += '"';
        for (char c : name) {
            if (c == '"' || c == '\\') header += '\\';
            header += c;
        }
        header += '"';
    }
    bool fits = header.size() + message.from_address.size() + 3 <= kLineWanted &&
                header.find('\n') == header.npos;
    return fmt::format("{}{} <{}>", header, fits ? "" : "\r\n", message.from_address);
}

// Folded before a blank, so that unfolding gives the same text.
std::string subject_header(std::string_view subject) {
    std::string header = "Subject: ";
    std::string folded = header;
    std::size_t column = header.size();
    bool plain = is_plain(subject);
    for (auto rest = subject; plain && !rest.empty();) {
        // With the blank before it.
        auto end = std::min(rest.find(' ', 1), rest.size());
        auto word = rest.substr(0, end);
        rest.remove_prefix(end);
        plain = word.size() <= kWordBytesMax;
        if (column + word.size() > kLineWanted) {
            folded += "\r\n";
            column = 0;
        }
        folded += word;
        column += word.size();
    }
    return plain ? folded : header + detail::encoded_words(subject, header.size());
}

std::string date_header(Timestamp at) {
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto midnight = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day date(midnight);
    std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - midnight));
    return fmt::format(
        "Date: {}, {} {} {:04} {:02}:{:02}:{:02} +0000",
        kDays[std::chrono::weekday(midnight).c_encoding()], static_cast<unsigned>(date.day()),
        kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string part(std::string_view type, std::string_view content) {
    return fmt::format(
        "--{}\r\n"
        "Content-Type: {}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "{}\r\n",
        kBoundary, type, detail::quoted_printable(content));
}

}  // namespace

bool is_address(std::string_view text) {
    if (text.size() > kAddressBytesMax || !is_ascii(text)) return false;
    if (std::ranges::any_of(text, is_control)) return false;
    if (text.find_first_of(" <>,;\"()\\") != std::string_view::npos) return false;
    auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at != text.rfind('@')) return false;
    auto domain = text.substr(at + 1);
    // These belong only to a host that is given by its address: [10.0.0.1], [IPv6:fd00::1].
    bool literal = domain.size() > 2 && domain.front() == '[' && domain.back() == ']';
    auto host = literal ? domain.substr(1, domain.size() - 2) : domain;
    return !host.empty() && text.substr(0, at).find_first_of(":[]") == std::string_view::npos &&
           host.find_first_of(literal ? "[]" : ":[]") == std::string_view::npos;
}

result<std::string> to_rfc5322(const Message& message) {
    MW_CHECK(check_fields(message));
    std::string out = from_header(message) + "\r\n";
    out += fmt::format("To: {}\r\n", message.to);
    out += subject_header(message.subject) + "\r\n";
    out += date_header(message.date) + "\r\n";
    out += fmt::format("Message-ID: <{}>\r\n", message.message_id);
    out += "MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n";
    if (message.unsubscribe_url)
        out += fmt::format(
            "List-Unsubscribe: <{}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            *message.unsubscribe_url);
    out +=
        fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", kBoundary);
    out += part("text/plain", message.text);
    // The last part is the one that is shown: an empty one would hide the text.
    if (!message.html.empty()) out += part("text/html", message.html);
    return out + fmt::format("--{}--\r\n", kBoundary);
}

}  // namespace mw::smtp
