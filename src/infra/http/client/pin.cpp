#include "infra/http/client/pin.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "base/files.hpp"

namespace mw::http::detail {
namespace {

constexpr std::size_t kPemBytesMax = 1024UL * 1024;

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
struct FreeCert {
    void operator()(X509* cert) const { X509_free(cert); }
};

}  // namespace

result<std::string> public_key_pin(const std::filesystem::path& certificate) {
    auto bad = [&] {
        ERR_clear_error();
        return fail(Errc::invalid_argument, "The pinned certificate cannot be read",
                    certificate.string());
    };
    auto text = read_file(certificate, kPemBytesMax);
    if (!text) return bad();
    std::unique_ptr<BIO, FreeBio> bio(
        BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
    std::unique_ptr<X509, FreeCert> cert(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!cert) return bad();
    // The whole SubjectPublicKeyInfo, as RFC 7469 has it; X509_pubkey_digest leaves its head out.
    unsigned char* encoded = nullptr;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert.get()), &encoded);
    if (size <= 0) return bad();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int digest_size = 0;
    int hashed = EVP_Digest(encoded, static_cast<std::size_t>(size), digest, &digest_size,
                            EVP_sha256(), nullptr);
    OPENSSL_free(encoded);
    if (hashed != 1) return bad();
    unsigned char base64[4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1];
    EVP_EncodeBlock(base64, digest, static_cast<int>(digest_size));
    return std::string("sha256//") + reinterpret_cast<const char*>(base64);
}

}  // namespace mw::http::detail
