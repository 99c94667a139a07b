#include "infra/crypto/ssh_key.hpp"

#include <array>
#include <cstdint>

#include "infra/crypto/random.hpp"
#include "infra/crypto/sodium.hpp"

namespace mw::crypto {
namespace {

constexpr std::string_view kKind = "ssh-ed25519";
constexpr std::size_t kLineCharacters = 70;
constexpr std::size_t kBlockBytes = 8;

void put_number(std::string& out, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>((number >> shift) & 0xff);
}

void put(std::string& out, std::string_view text) {
    put_number(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

std::string base64(std::string_view bytes) {
    constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), detail::as_bytes(bytes), bytes.size(), kVariant);
    text.pop_back();  // the terminating NUL
    return text;
}

}  // namespace

// The format is that of OpenSSH's PROTOCOL.key.
SshKey make_ssh_key(std::string_view comment) {
    detail::ensure_sodium();
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_bytes{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_bytes{};
    crypto_sign_keypair(public_bytes.data(), secret_bytes.data());
    std::string_view public_part(reinterpret_cast<const char*>(public_bytes.data()),
                                 public_bytes.size());
    std::string_view secret_part(reinterpret_cast<const char*>(secret_bytes.data()),
                                 secret_bytes.size());
    std::string blob;
    put(blob, kKind);
    put(blob, public_part);

    auto check = random_bytes(4);
    std::string inner = check + check;
    put(inner, kKind);
    put(inner, public_part);
    put(inner, secret_part);
    put(inner, comment);
    for (char pad = 1; inner.size() % kBlockBytes != 0; ++pad)
        inner += pad;

    std::string outer("openssh-key-v1");
    outer += '\0';
    put(outer, "none");  // cipher
    put(outer, "none");  // key derivation
    put(outer, "");
    put_number(outer, 1);
    put(outer, blob);
    put(outer, inner);
    auto encoded = base64(outer);
    std::string file = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
    for (std::size_t at = 0; at < encoded.size(); at += kLineCharacters)
        file += encoded.substr(at, kLineCharacters) + "\n";
    file += "-----END OPENSSH PRIVATE KEY-----\n";

    SshKey key{std::string(kKind) + " " + base64(blob) + " " + std::string(comment),
               Secret(std::move(file))};
    for (auto* text : {&inner, &outer, &encoded})
        sodium_memzero(text->data(), text->size());
    sodium_memzero(secret_bytes.data(), secret_bytes.size());
    return key;
}

}  // namespace mw::crypto
