#include "infra/crypto/self_signed.hpp"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <fstream>

#include "base/files.hpp"
#include "infra/crypto/random.hpp"

namespace mw::crypto {
namespace {

constexpr long kDay = 24 * 60 * 60;

class SelfSigned : public testing::Test {
  protected:
    SelfSigned()
        : folder_(std::filesystem::path(testing::TempDir()) / ("mw_tls_" + random_hex(6))) {
        std::filesystem::create_directories(folder_);
    }
    ~SelfSigned() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path cert() const { return folder_ / "tls.crt"; }
    std::filesystem::path key() const { return folder_ / "tls.key"; }
    std::string cert_text() const { return read_file(cert(), 1 << 20).value_or(""); }
    std::string key_text() const { return read_file(key(), 1 << 20).value_or(""); }

    X509* parse() const {
        auto text = cert_text();
        BIO* bio = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
        X509* parsed = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
        BIO_free(bio);
        return parsed;
    }

    // Signs the present certificate again with changes, by its own key.
    template <class Change>
    void rewrite(Change change) {
        auto text = key_text();
        BIO* bio = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
        EVP_PKEY* private_key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
        BIO_free(bio);
        X509* parsed = parse();
        change(parsed);
        ASSERT_GT(X509_sign(parsed, private_key, EVP_sha256()), 0);
        FILE* out = fopen(cert().c_str(), "w");
        PEM_write_X509(out, parsed);
        fclose(out);
        X509_free(parsed);
        EVP_PKEY_free(private_key);
    }

    std::filesystem::path folder_;
};

TEST_F(SelfSigned, MakesAPairThatBrowsersTake) {
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {"dbt.example.com", "10.1.2.3"}));
    X509* parsed = parse();
    ASSERT_TRUE(parsed);
    for (const char* host : {"dbt.example.com", "localhost"})
        EXPECT_EQ(X509_check_host(parsed, host, 0, 0, nullptr), 1) << host;
    for (const char* address : {"10.1.2.3", "127.0.0.1", "::1"})
        EXPECT_EQ(X509_check_ip_asc(parsed, address, 0), 1) << address;
    EXPECT_EQ(X509_check_host(parsed, "example.com", 0, 0, nullptr), 0);
    EXPECT_EQ(X509_check_ca(parsed), 0);

    int days = 0, seconds = 0;
    ASSERT_TRUE(
        ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(parsed), X509_get0_notAfter(parsed)));
    EXPECT_EQ(days, 825);
    EVP_PKEY* public_key = X509_get0_pubkey(parsed);
    EXPECT_EQ(EVP_PKEY_get_base_id(public_key), EVP_PKEY_EC);
    EXPECT_EQ(EVP_PKEY_get_bits(public_key), 256);
    EXPECT_EQ(X509_verify(parsed, public_key), 1);
    X509_free(parsed);

    struct stat facts{};
    ASSERT_EQ(::stat(key().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(SelfSigned, KeepsAValidPair) {
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {"a.example"}));
    auto before = cert_text() + key_text();
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {"a.example"}));
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {}));
    EXPECT_EQ(cert_text() + key_text(), before);
}

TEST_F(SelfSigned, NewHostNameMakesItAnew) {
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {"a.example"}));
    auto before = cert_text();
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {"b.example"}));
    EXPECT_NE(cert_text(), before);
}

TEST_F(SelfSigned, ExpiredOneIsMadeAnew) {
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {}));
    rewrite([](X509* parsed) { X509_gmtime_adj(X509_getm_notAfter(parsed), 6 * kDay); });
    auto before = cert_text();
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {}));
    EXPECT_NE(cert_text(), before);
    X509* parsed = parse();
    time_t in_a_year = time(nullptr) + 365 * kDay;
    EXPECT_GT(X509_cmp_time(X509_get0_notAfter(parsed), &in_a_year), 0);
    X509_free(parsed);
}

TEST_F(SelfSigned, HalfWrittenPairIsMadeAnew) {
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {}));
    auto other_cert = folder_ / "other.crt", other_key = folder_ / "other.key";
    ASSERT_TRUE(ensure_self_signed(other_cert, other_key, {}));
    std::filesystem::rename(other_key, key());
    auto before = cert_text();
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {}));
    EXPECT_NE(cert_text(), before);

    std::filesystem::remove(key());
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {}));
    EXPECT_FALSE(key_text().empty());
}

TEST_F(SelfSigned, ForeignCertificateIsNeverReplaced) {
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {}));
    rewrite([](X509* parsed) {
        auto* name = X509_NAME_new();
        X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>("Some CA"), -1, -1, 0);
        X509_set_issuer_name(parsed, name);
        X509_NAME_free(name);
        X509_gmtime_adj(X509_getm_notAfter(parsed), -kDay);
    });
    auto before = cert_text();
    ASSERT_TRUE(ensure_self_signed(cert(), key(), {"new.example"}));
    EXPECT_EQ(cert_text(), before);

    std::filesystem::remove(key());
    EXPECT_EQ(ensure_self_signed(cert(), key(), {}).error().code, Errc::conflict);
    EXPECT_EQ(cert_text(), before);
}

TEST_F(SelfSigned, RubbishIsAnErrorAndKept) {
    std::ofstream(cert()) << "not a certificate";
    EXPECT_EQ(ensure_self_signed(cert(), key(), {}).error().code, Errc::conflict);
    EXPECT_EQ(cert_text(), "not a certificate");
}

TEST_F(SelfSigned, BadHostNamesAreRefused) {
    for (const char* name : {"", "a b", "a,DNS:evil.example", "a\nb", ".a"})
        EXPECT_EQ(ensure_self_signed(cert(), key(), {name}).error().code, Errc::invalid_argument)
            << name;
    EXPECT_FALSE(std::filesystem::exists(cert()));
    EXPECT_FALSE(std::filesystem::exists(key()));
}

TEST_F(SelfSigned, DiskErrorIsSaid) {
    auto failed = ensure_self_signed(folder_ / "no" / "a.crt", folder_ / "no" / "a.key", {});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Errc::not_found);
}

}  // namespace
}  // namespace mw::crypto
