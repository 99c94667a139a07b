// Keys and tokens for tests, made with OpenSSL alone, so that two libraries must agree.
#pragma once

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json/serialize.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mw::jwt::testing_ {

inline std::string base64url(std::string_view bytes) {
    std::string text(bytes.size() * 4 / 3 + 4, '\0');
    auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                reinterpret_cast<const unsigned char*>(bytes.data()),
                                static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    while (text.ends_with('='))
        text.pop_back();
    for (auto& c : text)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

inline std::string bytes_of(const BIGNUM* number, int size) {
    std::string bytes(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), size);
    return bytes;
}

class TestKey {
  public:
    static TestKey rsa(unsigned int bits = 2048) { return TestKey(EVP_RSA_gen(bits)); }
    static TestKey ec(const char* curve) { return TestKey(EVP_EC_gen(curve)); }

    // With PKCS#1 when `traditional`; under a passphrase when there is a cipher.
    std::string private_pem(bool traditional = false, const EVP_CIPHER* cipher = nullptr) const {
        std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
        auto* pass = cipher ? const_cast<char*>("secret") : nullptr;
        if (traditional)
            PEM_write_bio_PrivateKey_traditional(bio.get(), key_.get(), cipher,
                                                 reinterpret_cast<unsigned char*>(pass),
                                                 pass ? 6 : 0, nullptr, nullptr);
        else
            PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), cipher, pass, pass ? 6 : 0,
                                          nullptr, nullptr);
        return text_of(bio.get());
    }
    std::string public_pem() const {
        std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
        PEM_write_bio_PUBKEY(bio.get(), key_.get());
        return text_of(bio.get());
    }

    // A public JWK; `more` is further members, such as R"("kid":"a")".
    std::string jwk(std::string_view more = R"("use":"sig")") const {
        if (EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA)
            return fmt::format(R"({{"kty":"RSA","n":"{}","e":"{}",{}}})",
                               number(OSSL_PKEY_PARAM_RSA_N, 0), number(OSSL_PKEY_PARAM_RSA_E, 0),
                               more);
        auto size = coordinate_size();
        return fmt::format(R"({{"kty":"EC","crv":"P-{}","x":"{}","y":"{}",{}}})",
                           EVP_PKEY_get_bits(key_.get()), number(OSSL_PKEY_PARAM_EC_PUB_X, size),
                           number(OSSL_PKEY_PARAM_EC_PUB_Y, size), more);
    }

    std::string sign(std::string_view algorithm, std::string_view text) const {
        const auto* digest = algorithm.ends_with("256")   ? EVP_sha256()
                             : algorithm.ends_with("384") ? EVP_sha384()
                                                          : EVP_sha512();
        std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
        EVP_PKEY_CTX* options = nullptr;
        EVP_DigestSignInit(context.get(), &options, digest, nullptr, key_.get());
        if (algorithm.starts_with("PS")) {
            EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
        }
        std::string signature(1024, '\0');
        auto size = signature.size();
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size());
        signature.resize(size);
        return algorithm.starts_with("ES") ? raw_ecdsa(signature) : signature;
    }

    std::string token(std::string_view algorithm, std::string_view claims,
                      std::string_view more_header = "") const {
        auto text = base64url(fmt::format(R"({{"alg":"{}"{}}})", algorithm, more_header)) + "." +
                    base64url(claims);
        return text + "." + base64url(sign(algorithm, text));
    }

  private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    };
    explicit TestKey(EVP_PKEY* key) : key_(key) {}

    static std::string text_of(BIO* bio) {
        char* data = nullptr;
        auto size = BIO_get_mem_data(bio, &data);
        return std::string(data, static_cast<std::size_t>(size));
    }
    int coordinate_size() const { return (EVP_PKEY_get_bits(key_.get()) + 7) / 8; }

    std::string number(const char* name, int size) const {
        BIGNUM* raw = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &raw);
        auto bytes = bytes_of(raw, size > 0 ? size : BN_num_bytes(raw));
        BN_free(raw);
        return base64url(bytes);
    }

    // Two numbers of fixed size instead of DER (RFC 7518, 3.4).
    std::string raw_ecdsa(const std::string& der) const {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        auto* parsed = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
        auto raw = bytes_of(ECDSA_SIG_get0_r(parsed), coordinate_size()) +
                   bytes_of(ECDSA_SIG_get0_s(parsed), coordinate_size());
        ECDSA_SIG_free(parsed);
        return raw;
    }

    std::unique_ptr<EVP_PKEY, Free> key_;
};

inline std::string jwks(const std::vector<std::string>& keys) {
    return fmt::format(R"({{"keys":[{}]}})", fmt::join(keys, ","));
}

}  // namespace mw::jwt::testing_
