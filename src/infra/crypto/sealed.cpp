#include "infra/crypto/sealed.hpp"

#include <sys/stat.h>

#include <cstring>

#include "base/files.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/sodium.hpp"

namespace mw::crypto {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kPrefixBytes = 1 + kIdBytes;
constexpr std::size_t kLeastBytes = kPrefixBytes + kNonceBytes + kTagBytes;
static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

constexpr std::string_view kWrapContext = "data-key";

// Version and key id, then the context: the prefix has a fixed length, so no two pairs collide.
std::string additional_data(std::string_view prefix, std::string_view context) {
    return std::string(prefix).append(context);
}

std::string key_prefix(std::string_view key_id) {
    return std::string(1, kVersion).append(key_id);
}

std::string seal_bytes(std::string_view key, std::string_view key_id, std::string_view plaintext,
                       std::string_view context) {
    detail::ensure_sodium();
    auto sealed = key_prefix(key_id);
    auto additional = additional_data(sealed, context);
    sealed += random_bytes(kNonceBytes);
    auto body = sealed.size();
    sealed.resize(body + plaintext.size() + kTagBytes);
    auto* bytes = detail::as_bytes(sealed);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + body, nullptr, detail::as_bytes(plaintext),
                                               plaintext.size(), detail::as_bytes(additional),
                                               additional.size(), nullptr, bytes + kPrefixBytes,
                                               detail::as_bytes(key));
    return sealed;
}

result<Secret> open_bytes(std::string_view key, std::string_view sealed, std::string_view context) {
    detail::ensure_sodium();
    auto additional = additional_data(sealed.substr(0, kPrefixBytes), context);
    auto nonce = sealed.substr(kPrefixBytes, kNonceBytes);
    auto body = sealed.substr(kPrefixBytes + kNonceBytes);
    std::string plaintext(body.size() - kTagBytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            detail::as_bytes(plaintext), nullptr, nullptr, detail::as_bytes(body), body.size(),
            detail::as_bytes(additional), additional.size(), detail::as_bytes(nonce),
            detail::as_bytes(key)) != 0)
        return fail(Errc::internal,
                    "A sealed secret is damaged or was moved from where it belongs");
    return Secret(std::move(plaintext));
}

result<> check_shape(std::string_view sealed) {
    if (sealed.size() < kLeastBytes || sealed[0] != kVersion)
        return fail(Errc::internal, "A sealed secret is damaged or from a newer version");
    return {};
}

std::string_view id_of(std::string_view sealed) {
    return sealed.substr(1, kIdBytes);
}

// Refuses a file that its owner shares with others.
result<> check_private(const std::filesystem::path& file) {
    struct stat facts{};
    if (::stat(file.c_str(), &facts) != 0) return {};  // read_file says why
    if (!S_ISREG(facts.st_mode))
        return fail(Errc::forbidden, "The master key is not a regular file", file.string());
    if ((facts.st_mode & 077) != 0)
        return fail(
            Errc::forbidden,
            "The master key file may be read or written by others: chmod 600 " + file.string());
    return {};
}

constexpr std::string_view kFilePrefix = "mwk1:";
constexpr std::size_t kFileBytesMax = 4096;
constexpr int kFileVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

Secret to_file_text(std::string_view key) {
    detail::ensure_sodium();
    std::string encoded(sodium_base64_ENCODED_LEN(kKeyBytes, kFileVariant), '\0');
    sodium_bin2base64(encoded.data(), encoded.size(), detail::as_bytes(key), key.size(),
                      kFileVariant);
    encoded.back() = '\n';  // in place of the terminating NUL
    auto text = std::string(kFilePrefix) + encoded;
    sodium_memzero(encoded.data(), encoded.size());
    return Secret(std::move(text));
}

}  // namespace

template <class Tag>
Key<Tag> Key<Tag>::generate() {
    detail::ensure_sodium();
    Key key;
    randombytes_buf(key.bytes_.data(), key.bytes_.size());
    return key;
}

template <class Tag>
Key<Tag> Key<Tag>::from_bytes(std::string_view bytes) {
    if (bytes.size() != kKeyBytes) throw std::logic_error("a key has 32 bytes");
    Key key;
    std::memcpy(key.bytes_.data(), bytes.data(), kKeyBytes);
    return key;
}

template <class Tag>
Key<Tag>::~Key() {
    sodium_memzero(bytes_.data(), bytes_.size());
}

template <class Tag>
std::string Key<Tag>::id() const {
    detail::ensure_sodium();
    constexpr std::string_view kPurpose = "millwright key id";
    std::string digest(crypto_generichash_BYTES_MIN, '\0');
    crypto_generichash(detail::as_bytes(digest), digest.size(), detail::as_bytes(kPurpose),
                       kPurpose.size(), detail::as_bytes(bytes()), kKeyBytes);
    digest.resize(kIdBytes);
    return digest;
}

template class Key<DataKeyTag>;
template class Key<MasterKeyTag>;

Sealer::Sealer(const DataKey& current, std::vector<DataKey> former)
    : current_(current), former_(std::move(former)) {
}

std::string Sealer::seal(const Secret& plaintext, std::string_view context) const {
    return seal_bytes(current_.bytes(), current_.id(), plaintext.reveal(), context);
}

result<Secret> Sealer::open(std::string_view sealed, std::string_view context) const {
    MW_CHECK(check_shape(sealed));
    auto id = id_of(sealed);
    if (id == current_.id()) return open_bytes(current_.bytes(), sealed, context);
    for (const auto& key : former_)
        if (id == key.id()) return open_bytes(key.bytes(), sealed, context);
    return fail(Errc::internal,
                "A secret was sealed with a key that this installation doesn't have");
}

bool Sealer::needs_reseal(std::string_view sealed) const {
    return check_shape(sealed).has_value() && id_of(sealed) != current_.id();
}

result<MasterKey> MasterKey::parse(const Secret& text) {
    detail::ensure_sodium();
    std::string_view rest = text.reveal();
    while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r' || rest.back() == ' '))
        rest.remove_suffix(1);
    std::string bytes(kKeyBytes, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    if (!rest.starts_with(kFilePrefix) ||
        sodium_base642bin(detail::as_bytes(bytes), bytes.size(), rest.data() + kFilePrefix.size(),
                          rest.size() - kFilePrefix.size(), nullptr, &size, &end,
                          kFileVariant) != 0 ||
        size != kKeyBytes || end != rest.data() + rest.size())
        return fail(Errc::invalid_argument,
                    "The master key is damaged: not \"mwk1:\" and 32 bytes");
    auto key = MasterKey(Bytes::from_bytes(bytes));
    sodium_memzero(bytes.data(), bytes.size());
    return key;
}

result<MasterKey> MasterKey::load(const std::filesystem::path& file) {
    MW_CHECK(check_private(file));
    auto text = read_file(file, kFileBytesMax);
    if (!text) {
        auto error = std::move(text).error();
        error.message = "The master key " + file.string() + ": " + error.message;
        return fail(std::move(error));
    }
    return parse(Secret(std::move(*text)));
}

std::string MasterKey::wrap_data_key(const DataKey& key) const {
    return seal_bytes(key_.bytes(), key_.id(), key.bytes(), kWrapContext);
}

result<DataKey> MasterKey::unwrap_data_key(std::string_view wrapped) const {
    MW_CHECK(check_shape(wrapped));
    if (id_of(wrapped) != key_.id())
        return fail(Errc::internal,
                    "The data key was wrapped by another master key; give the one that this "
                    "database was set up with");
    MW_TRY(auto bytes, open_bytes(key_.bytes(), wrapped, kWrapContext));
    if (bytes.reveal().size() != kKeyBytes)
        return fail(Errc::internal, "The wrapped data key is damaged");
    return DataKey::from_bytes(bytes.reveal());
}

std::string MasterKey::id() const {
    return detail::to_hex(key_.id());
}

result<MasterKey> ensure_master_key(const std::filesystem::path& file) {
    auto loaded = MasterKey::load(file);
    if (loaded || loaded.error().code != Errc::not_found) return loaded;

    auto key = MasterKey::Bytes::generate();
    auto written =
        write_file_atomically(file, to_file_text(key.bytes()).reveal(), 0600, IfExists::fail);
    // Someone else was first: theirs is the key.
    if (!written && written.error().code == Errc::conflict) return MasterKey::load(file);
    MW_CHECK(std::move(written));
    return MasterKey(key);
}

}  // namespace mw::crypto
