#include "infra/jwt/signer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infra/jwt/test_key.hpp"
#include "infra/jwt/verify.hpp"

namespace mw::jwt {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_::base64url;
using testing_::jwks;
using testing_::TestKey;

std::string refusal(const std::string& pem) {
    auto signer = Signer::from_pem(Secret(pem));
    if (signer) return "";
    EXPECT_EQ(signer.error().code, Errc::invalid_argument);
    if (pem.size() > 200) {
        auto part = pem.substr(100, 40);
        EXPECT_THAT(signer.error().message + signer.error().detail, Not(HasSubstr(part)));
    }
    return signer.error().message;
}

TEST(Signer, SignsWhatAKeySetVerifies) {
    auto key = TestKey::rsa();
    auto keys = KeySet::parse(jwks({key.jwk()}));
    ASSERT_TRUE(keys);
    for (bool pkcs1 : {true, false}) {
        auto pem = key.private_pem(pkcs1);
        EXPECT_THAT(pem, StartsWith(pkcs1 ? "-----BEGIN RSA PRIVATE" : "-----BEGIN PRIVATE"));
        auto signer = Signer::from_pem(Secret(pem));
        ASSERT_TRUE(signer) << signer.error().message;
        auto token = signer->sign({{"iss", "12345"}, {"aud", "github"}, {"exp", 1'700'000'600}});
        ASSERT_TRUE(token) << token.error().detail;
        EXPECT_THAT(*token, StartsWith(base64url(R"({"alg":"RS256","typ":"JWT"})") + "."));
        auto claims = verify(*token, *keys,
                             {.issuer = "12345",
                              .audience = "github",
                              .now = Timestamp(std::chrono::seconds(1'700'000'000))});
        ASSERT_TRUE(claims) << claims.error().message;
        EXPECT_EQ(claims->at("exp"), 1'700'000'600);
    }
}

TEST(Signer, SaysWhatTheTextIsInstead) {
    auto rsa = TestKey::rsa();
    EXPECT_THAT(refusal(""), HasSubstr("not in PEM format"));
    EXPECT_THAT(refusal("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"), HasSubstr("not in PEM format"));
    EXPECT_THAT(refusal(TestKey::ec("P-256").private_pem()), HasSubstr("not an RSA key"));
    EXPECT_THAT(refusal(TestKey::rsa(1024).private_pem()), HasSubstr("2048 bits"));
    EXPECT_THAT(refusal(rsa.public_pem()), HasSubstr("public key"));
    EXPECT_THAT(refusal("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                HasSubstr("certificate"));
    EXPECT_THAT(refusal("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
                        "-----END OPENSSH PRIVATE KEY-----\n"),
                HasSubstr("ssh"));
    EXPECT_THAT(refusal(rsa.private_pem().substr(0, 800)), HasSubstr("damaged"));
    EXPECT_THAT(refusal(std::string(65 * 1024, 'x')), HasSubstr("64 KiB"));
}

TEST(Signer, NeverAsksForAPassphrase) {
    auto rsa = TestKey::rsa();
    for (bool pkcs1 : {true, false})
        EXPECT_THAT(refusal(rsa.private_pem(pkcs1, EVP_aes_256_cbc())), HasSubstr("encrypted"));
}

}  // namespace
}  // namespace mw::jwt
