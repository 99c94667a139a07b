#include "roles/runner/scrubber.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cctype>

namespace mw::runner {
namespace {

// Shorter lines of a long secret are too common in ordinary text to be masked.
constexpr std::size_t kLeastLineBytes = 8;

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kUnreserved = "-._~";
    std::string encoded;
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if ((byte < 128 && std::isalnum(byte)) || kUnreserved.find(c) != std::string_view::npos)
            encoded += c;
        else
            encoded += fmt::format("%{:02X}", byte);
    }
    return encoded;
}

std::string json_escaped(std::string_view text) {
    auto quoted = boost::json::serialize(boost::json::value(text));
    return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void Scrubber::add(std::string_view secret) {
    if (is_blank(secret)) return;
    add_spellings(secret);
    if (secret.find('\n') == std::string_view::npos) return;
    for (std::size_t start = 0; start < secret.size();) {
        auto end = std::min(secret.find('\n', start), secret.size());
        auto line = secret.substr(start, end - start);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.size() >= kLeastLineBytes && !is_blank(line)) add_spellings(line);
        start = end + 1;
    }
}

void Scrubber::add_spellings(std::string_view secret) {
    add_pattern(std::string(secret));
    add_pattern(percent_encoded(secret));
    add_pattern(json_escaped(secret));
    std::sort(patterns_.begin(), patterns_.end(), [](const auto& a, const auto& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
}

void Scrubber::add_pattern(std::string pattern) {
    if (std::find(patterns_.begin(), patterns_.end(), pattern) == patterns_.end())
        patterns_.push_back(std::move(pattern));
}

std::string Scrubber::scrub(std::string_view text) const {
    std::string scrubbed(text);
    for (const auto& pattern : patterns_) {
        auto found = scrubbed.find(pattern);
        if (found == std::string::npos) continue;
        std::string replaced;
        std::size_t from = 0;
        for (; found != std::string::npos; found = scrubbed.find(pattern, from)) {
            replaced.append(scrubbed, from, found - from).append(kMask);
            from = found + pattern.size();
        }
        replaced.append(scrubbed, from);
        scrubbed = std::move(replaced);
    }
    return scrubbed;
}

}  // namespace mw::runner
