#include "infra/crypto/self_signed.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "base/files.hpp"
#include "base/log.hpp"

namespace mw::crypto {
namespace {

constexpr std::string_view kOrganization = "Millwright self-signed";
constexpr long kLifetimeDays = 825;
constexpr int kRenewBeforeDays = 7;
constexpr std::size_t kPemBytesMax = 1024UL * 1024;
constexpr long kSecondsPerDay = 24L * 60 * 60;

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
using Names = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;
using Serial = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

std::unexpected<Error> openssl_failed(std::string_view what) {
    char reason[256];
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    ERR_clear_error();
    return fail(Errc::internal, fmt::format("The TLS certificate cannot be made: {}", what),
                reason);
}

bool is_address(const std::string& host) {
    unsigned char room[16];
    return ::inet_pton(AF_INET, host.c_str(), room) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), room) == 1;
}

bool is_host_name(std::string_view host) {
    return !host.empty() && host.size() <= 253 && host.front() != '.' &&
           std::ranges::all_of(host, [](unsigned char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.' || c == '_' || c == '*';
           });
}

// The given names and the local ones, without repeats.
result<std::vector<std::string>> all_names(const std::vector<std::string>& hostnames) {
    std::vector<std::string> names;
    auto add = [&](const std::string& name) {
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    };
    for (const auto& name : hostnames) {
        if (!is_address(name) && !is_host_name(name))
            return fail(Errc::invalid_argument,
                        fmt::format("\"{}\" is not a host name or an IP address", name));
        add(name);
    }
    for (const char* local : {"localhost", "127.0.0.1", "::1"})
        add(local);
    return names;
}

result<> add_alternative_names(X509* cert, const std::vector<std::string>& names) {
    Names list(GENERAL_NAMES_new());
    for (const auto& name : names) {
        auto* entry = a2i_GENERAL_NAME(nullptr, nullptr, nullptr,
                                       is_address(name) ? GEN_IPADD : GEN_DNS, name.c_str(), 0);
        if (!entry || !sk_GENERAL_NAME_push(list.get(), entry)) {
            GENERAL_NAME_free(entry);
            return openssl_failed("alternative names");
        }
    }
    if (X509_add1_ext_i2d(cert, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) != 1)
        return openssl_failed("alternative names");
    return {};
}

result<> add_extensions(X509* cert) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, cert, cert, nullptr, nullptr, 0);
    struct Wanted {
        int nid;
        const char* value;
    };
    // The subject's key id first: the authority's copies it.
    constexpr Wanted kWanted[] = {
        {NID_basic_constraints, "critical,CA:FALSE"},
        {NID_key_usage, "critical,digitalSignature"},
        {NID_ext_key_usage, "serverAuth"},
        {NID_subject_key_identifier, "hash"},
        {NID_authority_key_identifier, "keyid:always"},
    };
    for (const auto& wanted : kWanted) {
        Extension extension(X509V3_EXT_conf_nid(nullptr, &context, wanted.nid, wanted.value));
        if (!extension || X509_add_ext(cert, extension.get(), -1) != 1)
            return openssl_failed("extensions");
    }
    return {};
}

result<> set_identity(X509* cert, const std::string& common_name) {
    Serial serial(BN_new());
    // 159 random bits: positive in 20 bytes, as RFC 5280 asks.
    if (!serial || BN_rand(serial.get(), 159, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) != 1 ||
        !BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert)))
        return openssl_failed("serial number");
    auto* name = X509_get_subject_name(cert);
    auto add = [&](const char* field, std::string_view value) {
        return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char*>(value.data()),
                                          static_cast<int>(value.size()), -1, 0) == 1;
    };
    // A common name holds 64 characters at most; clients read the alternative names anyway.
    if (!add("O", kOrganization) || !add("CN", std::string_view(common_name).substr(0, 64)) ||
        X509_set_issuer_name(cert, name) != 1)
        return openssl_failed("name");
    return {};
}

result<Cert> make_certificate(EVP_PKEY* key, const std::vector<std::string>& names) {
    Cert cert(X509_new());
    if (!cert || X509_set_version(cert.get(), X509_VERSION_3) != 1)
        return openssl_failed("certificate");
    MW_CHECK(set_identity(cert.get(), names.front()));
    // An hour early: the reader's clock may be behind.
    if (!X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600) ||
        !X509_gmtime_adj(X509_getm_notAfter(cert.get()), kLifetimeDays * kSecondsPerDay - 3600) ||
        X509_set_pubkey(cert.get(), key) != 1)
        return openssl_failed("validity");
    MW_CHECK(add_extensions(cert.get()));
    MW_CHECK(add_alternative_names(cert.get(), names));
    if (X509_sign(cert.get(), key, EVP_sha256()) == 0) return openssl_failed("signature");
    return cert;
}

std::string bio_text(BIO* bio) {
    char* data = nullptr;
    auto size = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

result<> write_pair(const std::filesystem::path& cert_path, const std::filesystem::path& key_path,
                    const std::vector<std::string>& names) {
    Pkey key(EVP_EC_gen("P-256"));
    if (!key) return openssl_failed("key");
    MW_TRY(auto cert, make_certificate(key.get(), names));
    Bio key_pem(BIO_new(BIO_s_secmem())), cert_pem(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PKCS8PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) != 1 ||
        PEM_write_bio_X509(cert_pem.get(), cert.get()) != 1)
        return openssl_failed("encoding");
    // The key first: a crash in between leaves a pair that doesn't match, which is made anew.
    MW_CHECK(write_file_atomically(key_path, bio_text(key_pem.get()), 0600));
    return write_file_atomically(cert_path, bio_text(cert_pem.get()), 0644);
}

template <class T, class Read>
T read_pem(const std::filesystem::path& path, Read read) {
    auto text = read_file(path, kPemBytesMax);
    if (!text) return nullptr;
    Bio bio(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
    // An empty passphrase instead of a prompt on the terminal.
    T object(read(bio.get(), nullptr, nullptr, const_cast<char*>("")));
    ERR_clear_error();
    return object;
}

bool is_ours(X509* cert) {
    char organization[128] = "";
    auto* issuer = X509_get_issuer_name(cert);
    X509_NAME_get_text_by_NID(issuer, NID_organizationName, organization, sizeof organization);
    return organization == kOrganization && X509_NAME_cmp(issuer, X509_get_subject_name(cert)) == 0;
}

bool covers(X509* cert, const std::vector<std::string>& names) {
    return std::ranges::all_of(names, [&](const std::string& name) {
        return is_address(name) ? X509_check_ip_asc(cert, name.c_str(), 0) == 1
                                : X509_check_host(cert, name.data(), name.size(), 0, nullptr) == 1;
    });
}

bool expires_soon(X509* cert) {
    time_t horizon = time(nullptr) + kRenewBeforeDays * kSecondsPerDay;
    return X509_cmp_time(X509_get0_notAfter(cert), &horizon) <= 0;
}

}  // namespace

result<> ensure_self_signed(const std::filesystem::path& cert_path,
                            const std::filesystem::path& key_path,
                            const std::vector<std::string>& hostnames) {
    MW_TRY(auto names, all_names(hostnames));
    std::error_code ignored;
    if (!std::filesystem::exists(cert_path, ignored)) return write_pair(cert_path, key_path, names);

    auto cert = read_pem<Cert>(cert_path, PEM_read_bio_X509);
    auto key = read_pem<Pkey>(key_path, PEM_read_bio_PrivateKey);
    if (!cert)
        return fail(Errc::conflict,
                    fmt::format("{} is not a readable PEM certificate", cert_path.string()));
    bool matches = key && X509_check_private_key(cert.get(), key.get()) == 1;
    ERR_clear_error();
    if (!is_ours(cert.get())) {
        if (!matches)
            return fail(Errc::conflict, fmt::format("The private key in {} does not belong to the "
                                                    "certificate in {}",
                                                    key_path.string(), cert_path.string()));
        return {};
    }
    if (matches && !expires_soon(cert.get()) && covers(cert.get(), names)) return {};
    log::info("self-signed certificate renewed", {{"cert", cert_path.string()}});
    return write_pair(cert_path, key_path, names);
}

}  // namespace mw::crypto
