#include "infra/jwt/signer.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <boost/json/serialize.hpp>

#include "infra/jwt/cjose.hpp"

namespace mw::jwt {

struct Signer::Key {
    detail::Jwk jwk;
};

namespace {

constexpr std::size_t kPemBytesMax = 64UL * 1024;
constexpr int kRsaBitsMin = 2048;

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(BIO* bio) const { BIO_free_all(bio); }
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
};
using Pkey = std::unique_ptr<EVP_PKEY, Free>;
using Bio = std::unique_ptr<BIO, Free>;
using Number = std::unique_ptr<BIGNUM, Free>;

std::unexpected<Error> unusable(const char* why) {
    return fail(Errc::invalid_argument, why);
}

// Instead of OpenSSL's question on the terminal.
int refuse_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

bool has(const std::string& text, const char* part) {
    return text.find(part) != text.npos;
}

result<Pkey> read_pem(const std::string& text) {
    if (text.size() > kPemBytesMax) return unusable("The private key is larger than 64 KiB");
    if (!has(text, "-----BEGIN "))
        return unusable("The private key is not in PEM format (it begins with \"-----BEGIN\")");
    Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    bool asked = false;
    Pkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_passphrase, &asked));
    ERR_clear_error();
    if (asked) return unusable("The private key is encrypted: give it without a passphrase");
    if (key) return key;
    if (has(text, "PUBLIC KEY-----")) return unusable("This is a public key, not a private one");
    if (has(text, "BEGIN CERTIFICATE-----"))
        return unusable("This is a certificate, not a private key");
    if (has(text, "OPENSSH PRIVATE KEY-----"))
        return unusable("This is a key for ssh; an RSA key in PEM format is needed");
    return unusable("The private key cannot be read: it is damaged or incomplete");
}

// The numbers of an RSA key as big-endian bytes, wiped when they go.
class Numbers {
  public:
    explicit Numbers(const EVP_PKEY* key) : key_(key) {}
    Numbers(const Numbers&) = delete;
    Numbers& operator=(const Numbers&) = delete;
    ~Numbers() {
        for (auto& bytes : kept_)
            OPENSSL_cleanse(bytes.data(), bytes.size());
    }

    bool put(const char* name, uint8_t*& bytes, std::size_t& size) {
        BIGNUM* raw = nullptr;
        if (EVP_PKEY_get_bn_param(key_, name, &raw) != 1) return false;
        Number number(raw);
        auto& room = kept_.at(used_++);
        room.resize(static_cast<std::size_t>(BN_num_bytes(number.get())));
        BN_bn2bin(number.get(), room.data());
        bytes = room.data();
        size = room.size();
        return true;
    }

  private:
    const EVP_PKEY* key_;
    std::array<std::vector<uint8_t>, 8> kept_;
    std::size_t used_ = 0;
};

detail::Jwk to_jwk(const EVP_PKEY* key) {
    Numbers numbers(key);
    cjose_jwk_rsa_keyspec spec{};
    if (!numbers.put(OSSL_PKEY_PARAM_RSA_N, spec.n, spec.nlen) ||
        !numbers.put(OSSL_PKEY_PARAM_RSA_E, spec.e, spec.elen) ||
        !numbers.put(OSSL_PKEY_PARAM_RSA_D, spec.d, spec.dlen) ||
        !numbers.put(OSSL_PKEY_PARAM_RSA_FACTOR1, spec.p, spec.plen) ||
        !numbers.put(OSSL_PKEY_PARAM_RSA_FACTOR2, spec.q, spec.qlen) ||
        !numbers.put(OSSL_PKEY_PARAM_RSA_EXPONENT1, spec.dp, spec.dplen) ||
        !numbers.put(OSSL_PKEY_PARAM_RSA_EXPONENT2, spec.dq, spec.dqlen) ||
        !numbers.put(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, spec.qi, spec.qilen))
        return nullptr;
    cjose_err error;
    return detail::Jwk(cjose_jwk_create_RSA_spec(&spec, &error));
}

std::unexpected<Error> cjose_failed(const cjose_err& error) {
    ERR_clear_error();
    return fail(Errc::internal, "The token cannot be signed", error.message ? error.message : "");
}

}  // namespace

result<Signer> Signer::from_pem(const Secret& pem) {
    MW_TRY(auto key, read_pem(pem.reveal()));
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
        return unusable("The private key is not an RSA key");
    if (EVP_PKEY_get_bits(key.get()) < kRsaBitsMin)
        return unusable("The private key is shorter than 2048 bits");
    auto jwk = to_jwk(key.get());
    ERR_clear_error();
    if (!jwk) return unusable("The private key cannot be used");
    return Signer(std::make_shared<const Key>(std::move(jwk)));
}

result<std::string> Signer::sign(const boost::json::object& claims) const {
    cjose_err error{};
    detail::Header header(cjose_header_new(&error));
    if (!header || !cjose_header_set(header.get(), "alg", "RS256", &error) ||
        !cjose_header_set(header.get(), "typ", "JWT", &error))
        return cjose_failed(error);
    auto text = boost::json::serialize(claims);
    detail::Jws jws(cjose_jws_sign(key_->jwk.get(), header.get(),
                                   reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                                   &error));
    const char* compact = nullptr;
    if (!jws || !cjose_jws_export(jws.get(), &compact, &error)) return cjose_failed(error);
    return std::string(compact);
}

}  // namespace mw::jwt
