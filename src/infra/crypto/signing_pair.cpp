#include "infra/crypto/signing_pair.hpp"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>

namespace mw::crypto {
namespace {

constexpr unsigned kKeyBits = 2048;
constexpr long kLifeSeconds = 10L * 365 * 24 * 60 * 60;

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Pkey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Deleter<X509_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Serial = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

std::unexpected<Error> failed() {
    char reason[256];
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    ERR_clear_error();
    return fail(Errc::internal, "A key pair for signing cannot be made.", reason);
}

bool describe(X509* cert, EVP_PKEY* key, std::string_view common_name) {
    Serial serial(BN_new());
    auto* name = X509_get_subject_name(cert);
    return X509_set_version(cert, X509_VERSION_3) == 1 && serial &&
           BN_rand(serial.get(), 159, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert)) != nullptr &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(common_name.data()),
                                      static_cast<int>(common_name.size()), -1, 0) == 1 &&
           X509_set_issuer_name(cert, name) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(cert), -3600) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(cert), kLifeSeconds) != nullptr &&
           X509_set_pubkey(cert, key) == 1;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    auto size = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace

result<SigningPair> make_signing_pair(std::string_view common_name) {
    Pkey key(EVP_RSA_gen(kKeyBits));
    Cert cert(X509_new());
    // A common name holds 64 characters at most.
    if (!key || !cert || !describe(cert.get(), key.get(), common_name.substr(0, 64)) ||
        X509_sign(cert.get(), key.get(), EVP_sha256()) == 0)
        return failed();
    Bio key_pem(BIO_new(BIO_s_secmem())), cert_pem(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PKCS8PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) != 1 ||
        PEM_write_bio_X509(cert_pem.get(), cert.get()) != 1)
        return failed();
    return SigningPair{Secret(text_of(key_pem.get())), text_of(cert_pem.get())};
}

}  // namespace mw::crypto
