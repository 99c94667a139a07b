#include <gtest/gtest.h>

#include <set>

#include "infra/crypto/base64.hpp"
#include "infra/crypto/hmac.hpp"
#include "infra/crypto/password.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::crypto {
namespace {

// RFC 4231, test cases 1, 2 and 6: a key of any length.
TEST(Hmac, IsThatOfTheStandard) {
    EXPECT_EQ(hmac_sha256_hex(Secret(std::string(20, '\x0b')), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hmac_sha256_hex(Secret("Jefe"), "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_sha256_hex(Secret(std::string(131, '\xaa')),
                              "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Base64, IsReadWithItsPaddingAndNothingElse) {
    EXPECT_EQ(base64_decode("YW5uOnQwa2Vu"), "ann:t0ken");
    EXPECT_EQ(base64_decode("YTo="), "a:");
    EXPECT_EQ(base64_decode(""), "");
    for (auto text : {"YTo", "YTo=x", "Y To=", "-_-_", "YTo=\n"})
        EXPECT_FALSE(base64_decode(text)) << text;
}

TEST(Random, TokensArePrefixedUrlSafeAndDistinct) {
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
        auto token = random_token(kServiceTokenPrefix);
        EXPECT_EQ(token.size(), 4U + 43U);
        EXPECT_TRUE(token.starts_with("mws_"));
        EXPECT_EQ(token.find_first_not_of(
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                  std::string::npos);
        EXPECT_TRUE(seen.insert(token).second);
    }
}

TEST(Random, SizesAreAsAsked) {
    EXPECT_EQ(random_bytes(0).size(), 0U);
    EXPECT_EQ(random_bytes(33).size(), 33U);
    EXPECT_NE(random_bytes(16), random_bytes(16));
    auto hex = random_hex(8);
    EXPECT_EQ(hex.size(), 16U);
    EXPECT_EQ(hex.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(TokenHash, IsSha256OfTheToken) {
    EXPECT_EQ(hash_token("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(TokenHash, PiecesHashLikeTheWhole) {
    std::string text(100'000, 'x');
    Sha256 hash;
    for (std::size_t at = 0; at < text.size(); at += 777)
        hash.update(std::string_view(text).substr(at, 777));
    EXPECT_EQ(hash.hex(), sha256_hex(text));
}

TEST(TokenHash, ConstantTimeEqual) {
    EXPECT_TRUE(constant_time_equal("", ""));
    EXPECT_TRUE(constant_time_equal("abc", "abc"));
    EXPECT_FALSE(constant_time_equal("abc", "abd"));
    EXPECT_FALSE(constant_time_equal("abc", "ab"));
}

TEST(Password, VerifiesOnlyTheRightOne) {
    auto hash = hash_password(Secret("correct horse"));
    ASSERT_TRUE(hash) << hash.error().message;
    EXPECT_TRUE(hash->starts_with("$argon2id$"));
    EXPECT_EQ(hash->find('\0'), std::string::npos);
    EXPECT_TRUE(verify_password(*hash, Secret("correct horse")));
    EXPECT_FALSE(verify_password(*hash, Secret("correct horsf")));
    EXPECT_FALSE(verify_password(*hash, Secret("")));
    EXPECT_FALSE(password_needs_rehash(*hash));
}

TEST(Password, SaltMakesEqualPasswordsDiffer) {
    EXPECT_NE(*hash_password(Secret("same")), *hash_password(Secret("same")));
}

TEST(Password, NonsenseHashesNeverVerify) {
    for (const char* hash : {"", "x", "$argon2id$", "$argon2id$v=19$m=65536,t=2,p=1$aaaa$bbbb"})
        EXPECT_FALSE(verify_password(hash, Secret("x"))) << hash;
    EXPECT_FALSE(verify_password(std::string(5000, '$'), Secret("x")));
    EXPECT_TRUE(password_needs_rehash("not a hash"));
}

TEST(Password, RefusesEmptyAndEndless) {
    EXPECT_EQ(hash_password(Secret("")).error().code, Errc::invalid_argument);
    EXPECT_EQ(hash_password(Secret(std::string(kPasswordBytesMax + 1, 'x'))).error().code,
              Errc::invalid_argument);
    EXPECT_FALSE(
        verify_password(decoy_password_hash(), Secret(std::string(kPasswordBytesMax + 1, 'x'))));
}

TEST(Password, DecoyIsARealHashThatNothingFits) {
    EXPECT_TRUE(decoy_password_hash().starts_with("$argon2id$"));
    EXPECT_FALSE(verify_password(decoy_password_hash(), Secret("")));
    EXPECT_FALSE(verify_password(decoy_password_hash(), Secret("admin")));
}

}  // namespace
}  // namespace mw::crypto
