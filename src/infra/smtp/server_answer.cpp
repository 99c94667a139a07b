#include "infra/smtp/server_answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/storable_text.hpp"
#include "base/trimmed.hpp"
#include "infra/smtp/mime.hpp"

namespace mw::smtp::detail {
namespace {

constexpr std::size_t kKeptBytesMax = 4096;
constexpr std::size_t kShownBytesMax = 300;
constexpr int kSignedIn = 235;
constexpr int kGoodbye = 221;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool shows_password(std::string_view text, const MailServer& server) {
    const auto& password = server.password.reveal();
    if (password.empty()) return false;
    auto shows = [&](const std::string& secret) { return text.find(secret) != text.npos; };
    // As it is, as AUTH LOGIN sends it and as AUTH PLAIN does.
    std::string plain('\0' + server.user + '\0' + password);
    return shows(password) || shows(base64(password)) || shows(base64(plain));
}

}  // namespace

void ServerAnswer::take(std::string_view line) {
    line = trimmed(line, "\r\n");
    if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return;
    int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    // curl says QUIT after a refusal too: what was refused is what matters.
    if (code == kGoodbye) return;
    if (!goes_on_) text_.clear();
    code_ = code;
    goes_on_ = line.size() > 3 && line[3] == '-';
    signed_in_ = signed_in_ || code == kSignedIn;
    auto words = trimmed(line.substr(std::min<std::size_t>(4, line.size())));
    if (text_.size() + words.size() > kKeptBytesMax || words.empty()) return;
    if (!text_.empty()) text_ += ' ';
    text_ += words;
}

std::string ServerAnswer::text(const MailServer& server) const {
    auto words = text_;
    std::erase_if(words, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    if (words.empty() || shows_password(words, server)) return fmt::format("{}", code_);
    // Each byte that is no UTF-8 becomes three.
    auto shown = fmt::format("{} {}", code_, storable_text(words, 3 * words.size() + 3));
    if (shown.size() <= kShownBytesMax) return shown;
    auto end = kShownBytesMax;
    while ((static_cast<unsigned char>(shown[end]) & 0xC0) == 0x80)
        --end;
    return shown.substr(0, end);
}

}  // namespace mw::smtp::detail
