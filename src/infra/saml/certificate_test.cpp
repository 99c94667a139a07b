#include "infra/saml/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infra/saml/test_provider.hpp"

namespace mw::saml {
namespace {

using testing::HasSubstr;
using testing_::Pair;

std::string refusal(std::string_view text) {
    auto expiry = certificate_expiry(text);
    if (expiry) return "";
    EXPECT_EQ(expiry.error().code, Errc::invalid_argument);
    return expiry.error().message;
}

int days_left(std::string_view text) {
    auto expiry = certificate_expiry(text);
    if (!expiry) return -1;
    return static_cast<int>(std::chrono::round<std::chrono::days>(*expiry - now()).count());
}

TEST(Certificate, SaysWhenItExpires) {
    Pair year("RSA", 2048, 365), month("P-256", 0, 30);
    EXPECT_EQ(days_left(year.certificate_pem()), 365);
    EXPECT_EQ(days_left("  some words before\n" + year.certificate_pem() + "\n\n"), 365);
    EXPECT_EQ(days_left(year.certificate_pem() + month.certificate_pem()), 30) << "the soonest";
}

TEST(Certificate, MayBeBareBase64) {
    Pair year("RSA", 2048, 365), month("RSA", 2048, 30);
    auto bare = year.certificate_base64();
    EXPECT_EQ(days_left(bare), 365);
    EXPECT_EQ(days_left("\n " + bare.substr(0, 64) + "\r\n  " + bare.substr(64) + "\n"), 365);
    EXPECT_EQ(days_left(bare + "\n \n\n" + month.certificate_base64()), 30);
    EXPECT_EQ(days_left(bare + "\r\n\r\n" + month.certificate_base64() + "\r\n"), 30);
}

TEST(Certificate, SaysWhatTheTextIsInstead) {
    Pair pair;
    EXPECT_THAT(refusal(""), HasSubstr("There is no certificate"));
    EXPECT_THAT(refusal(" \n"), HasSubstr("There is no certificate"));
    EXPECT_THAT(refusal("https://idp.example/metadata"), HasSubstr("neither in PEM"));
    EXPECT_THAT(refusal("AAAA"), HasSubstr("something else"));
    EXPECT_THAT(refusal(pair.key_pem().reveal()), HasSubstr("private key"));
    EXPECT_THAT(refusal(pair.certificate_pem() + pair.key_pem().reveal()),
                HasSubstr("private key"));
    EXPECT_THAT(refusal(pair.public_key_pem()), HasSubstr("public key"));
    EXPECT_THAT(refusal("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"
                        "-----END CERTIFICATE REQUEST-----\n"),
                HasSubstr("request"));
    auto pem = pair.certificate_pem();
    EXPECT_THAT(refusal(pem.substr(0, pem.size() / 2)), HasSubstr("damaged"));
    EXPECT_THAT(refusal(pem + pem.substr(0, pem.size() / 2)), HasSubstr("damaged"));
    EXPECT_THAT(refusal(testing_::replaced(pem, "MII", "AAA")), HasSubstr("damaged"));
    EXPECT_THAT(refusal(Pair("RSA", 1024).certificate_pem()), HasSubstr("2048 bits"));
    EXPECT_THAT(refusal(std::string(300UL * 1024, 'A')), HasSubstr("256 KiB"));
}

}  // namespace
}  // namespace mw::saml
