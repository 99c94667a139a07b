#include "infra/saml/keys.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <xmlsec/openssl/evp.h>

#include <algorithm>

#include "base/trimmed.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/saml/xml.hpp"

namespace mw::saml::detail {
namespace {

constexpr std::size_t kTextBytesMax = 256UL * 1024;
constexpr int kRsaBitsMin = 2048;

std::unexpected<Error> unusable(const char* why) {
    return fail(Errc::invalid_argument, why);
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

Bio reader(std::string_view text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

result<Certificate> with_good_key(Certificate certificate) {
    auto* key = X509_get0_pubkey(certificate.get());
    auto type = key ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;
    ERR_clear_error();
    if (type != EVP_PKEY_RSA && type != EVP_PKEY_EC)
        return unusable("The certificate's key is neither an RSA nor an EC key");
    if (type == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) < kRsaBitsMin)
        return unusable("The certificate's RSA key is shorter than 2048 bits");
    return certificate;
}

result<std::vector<Certificate>> read_pem(std::string_view text) {
    std::vector<Certificate> found;
    auto bio = reader(text);
    ERR_clear_error();
    while (true) {
        Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!certificate) break;
        MW_TRY(auto good, with_good_key(std::move(certificate)));
        found.push_back(std::move(good));
    }
    // Says either that there is no further one, or that the next is damaged.
    bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!at_end)
        return unusable("The text between BEGIN CERTIFICATE and END CERTIFICATE is damaged");
    if (!found.empty()) return found;
    if (has(text, "BEGIN CERTIFICATE REQUEST"))
        return unusable("This is a request for a certificate, not a certificate");
    if (has(text, "PUBLIC KEY-----"))
        return unusable("This is a public key, not the certificate of one");
    return unusable("There is no certificate in the text");
}

std::string without_blanks(std::string_view text) {
    std::string kept;
    std::ranges::copy_if(text, std::back_inserter(kept), [](char c) {
        return std::string_view(" \t\r\n").find(c) == std::string_view::npos;
    });
    return kept;
}

result<Certificate> read_bare(std::string_view text) {
    auto der = crypto::base64_decode(without_blanks(text));
    if (!der) return unusable("The certificate is neither in PEM format nor base64");
    const auto* at = reinterpret_cast<const unsigned char*>(der->data());
    const auto* end = at + der->size();
    Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der->size())));
    ERR_clear_error();
    if (!certificate || at != end)
        return unusable("The text is base64, but of something else than a certificate");
    return with_good_key(std::move(certificate));
}

// Text up to an empty line, which is taken away together with it.
std::string_view take_paragraph(std::string_view& text) {
    std::size_t end = 0;
    while ((end = text.find('\n', end)) != text.npos) {
        auto next = text.find_first_not_of(" \t\r", end + 1);
        if (next != text.npos && text[next] == '\n') break;
        ++end;
    }
    auto paragraph = text.substr(0, end);
    text = end == text.npos ? std::string_view() : trimmed(text.substr(end));
    return paragraph;
}

// Instead of OpenSSL's question on the terminal.
int refuse_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

}  // namespace

result<std::vector<Certificate>> read_certificates(std::string_view text) {
    if (text.size() > kTextBytesMax) return unusable("The certificate is larger than 256 KiB");
    text = trimmed(text);
    if (text.empty()) return unusable("There is no certificate");
    if (has(text, "PRIVATE KEY-----"))
        return unusable("The text holds a private key: only the certificate belongs here");
    if (has(text, "-----BEGIN ")) return read_pem(text);
    std::vector<Certificate> found;
    while (!text.empty()) {
        MW_TRY(auto certificate, read_bare(take_paragraph(text)));
        found.push_back(std::move(certificate));
    }
    return found;
}

result<std::vector<XmlKey>> read_public_keys(std::string_view certificates) {
    MW_TRY(auto list, read_certificates(certificates));
    std::vector<XmlKey> keys;
    for (const auto& certificate : list) {
        auto key = to_xml_key(X509_get0_pubkey(certificate.get()));
        if (!key) return unusable("The certificate's key cannot be used");
        keys.push_back(std::move(key));
    }
    return keys;
}

result<Pkey> read_private_key(const Secret& pem) {
    auto bio = reader(pem.reveal());
    bool asked = false;
    Pkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_passphrase, &asked));
    ERR_clear_error();
    if (asked) return unusable("This service's private key is encrypted");
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
        return unusable("This service's private key is not an RSA key in PEM format");
    return key;
}

XmlKey to_xml_key(EVP_PKEY* key) {
    ensure_xmlsec();
    // xmlsec takes over one reference, and only when it succeeds.
    if (!key || EVP_PKEY_up_ref(key) != 1) return nullptr;
    auto* data = xmlSecOpenSSLEvpKeyAdopt(key);
    if (!data) {
        EVP_PKEY_free(key);
        return nullptr;
    }
    XmlKey made(xmlSecKeyCreate());
    if (!made || xmlSecKeySetValue(made.get(), data) < 0) {
        xmlSecKeyDataDestroy(data);
        return nullptr;
    }
    return made;
}

std::string to_base64(const X509* certificate) {
    unsigned char* der = nullptr;
    auto size = i2d_X509(certificate, &der);
    if (size <= 0) return {};
    auto text =
        crypto::base64_encode({reinterpret_cast<char*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return text;
}

}  // namespace mw::saml::detail
