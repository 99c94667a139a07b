#include "infra/crypto/password.hpp"

#include <fmt/format.h>

#include "infra/crypto/random.hpp"
#include "infra/crypto/sodium.hpp"

namespace mw::crypto {
namespace {

constexpr unsigned long long kOperations = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
constexpr std::size_t kMemoryBytes = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;

result<std::string> hash_text(const std::string& password) {
    detail::ensure_sodium();
    std::string hash(crypto_pwhash_argon2id_STRBYTES, '\0');
    if (crypto_pwhash_argon2id_str(hash.data(), password.data(), password.size(), kOperations,
                                   kMemoryBytes) != 0)
        return fail(Errc::unavailable, "Not enough memory to process a password");
    hash.resize(hash.find('\0'));
    return hash;
}

}  // namespace

result<std::string> hash_password(const Secret& password) {
    if (password.empty()) return fail(Errc::invalid_argument, "The password is empty");
    if (password.reveal().size() > kPasswordBytesMax)
        return fail(Errc::invalid_argument,
                    fmt::format("The password is longer than {} bytes", kPasswordBytesMax));
    return hash_text(password.reveal());
}

bool verify_password(const std::string& hash, const Secret& password) {
    detail::ensure_sodium();
    if (hash.size() >= crypto_pwhash_argon2id_STRBYTES) return false;
    if (password.reveal().size() > kPasswordBytesMax) return false;
    return crypto_pwhash_argon2id_str_verify(hash.c_str(), password.reveal().data(),
                                             password.reveal().size()) == 0;
}

bool password_needs_rehash(const std::string& hash) {
    detail::ensure_sodium();
    return crypto_pwhash_argon2id_str_needs_rehash(hash.c_str(), kOperations, kMemoryBytes) != 0;
}

const std::string& decoy_password_hash() {
    static const std::string hash = hash_text(random_hex(32)).value_or("");
    return hash;
}

}  // namespace mw::crypto
