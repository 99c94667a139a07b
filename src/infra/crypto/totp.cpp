#include "infra/crypto/totp.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::crypto {
namespace {

constexpr std::size_t kSecretBytes = 20;
constexpr std::chrono::seconds kStep{30};
constexpr std::uint32_t kCodes = 1'000'000;

std::array<unsigned char, 20> hmac_sha1(const Secret& key, std::string_view message) {
    std::array<unsigned char, 20> digest{};
    unsigned int size = digest.size();
    const auto& bytes = key.reveal();
    const auto* text = reinterpret_cast<const unsigned char*>(message.data());
    if (!HMAC(EVP_sha1(), bytes.data(), static_cast<int>(bytes.size()), text, message.size(),
              digest.data(), &size))
        throw std::runtime_error("HMAC-SHA1 is not to be had");
    return digest;
}

std::string uri_encoded(std::string_view text) {
    std::string encoded;
    for (unsigned char c : text) {
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            encoded += static_cast<char>(c);
        else
            encoded += fmt::format("%{:02X}", c);
    }
    return encoded;
}

}  // namespace

Secret random_totp_secret() {
    return Secret(random_bytes(kSecretBytes));
}

std::int64_t totp_step(Timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()) / kStep;
}

std::string totp_code(const Secret& secret, std::int64_t step) {
    std::string counter(8, '\0');
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
    auto digest = hmac_sha1(secret, counter);
    // Dynamic truncation, RFC 4226 section 5.3.
    std::size_t offset = digest.back() & 0x0FU;
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8U | digest[offset + i];
    return fmt::format("{:06}", (number & 0x7FFFFFFFU) % kCodes);
}

std::optional<std::int64_t> matching_totp_step(const Secret& secret, std::string_view code,
                                               Timestamp at, std::int64_t after) {
    auto present = totp_step(at);
    std::optional<std::int64_t> found;
    // All of them, whichever fits: the time of the answer tells nothing.
    for (auto step : {present - 1, present, present + 1})
        if (constant_time_equal(totp_code(secret, step), code) && step > after) found = step;
    return found;
}

std::string base32(std::string_view bytes) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t held = 0;
    int bits = 0;
    for (unsigned char byte : bytes) {
        held = held << 8U | byte;
        for (bits += 8; bits >= 5; bits -= 5)
            text += kAlphabet[held >> (bits - 5) & 31U];
    }
    if (bits > 0) text += kAlphabet[held << (5 - bits) & 31U];
    return text;
}

std::string totp_uri(const Secret& secret, std::string_view issuer, std::string_view person) {
    return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", uri_encoded(issuer),
                       uri_encoded(person), base32(secret.reveal()), uri_encoded(issuer));
}

}  // namespace mw::crypto
