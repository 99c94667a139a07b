#include "infra/jwt/key_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infra/jwt/test_key.hpp"

namespace mw::jwt {
namespace {

using testing::HasSubstr;
using testing_::base64url;
using testing_::jwks;
using testing_::TestKey;

std::string refusal(std::string_view document) {
    auto keys = KeySet::parse(document);
    if (keys) return "";
    EXPECT_EQ(keys.error().code, Errc::upstream_failed);
    return keys.error().message;
}

TEST(KeySet, TakesRsaAndEc) {
    auto keys = KeySet::parse(
        jwks({TestKey::rsa().jwk(R"("kid":"a","use":"sig","alg":"RS256","x5t":"zzz")"),
              TestKey::ec("P-256").jwk(), TestKey::ec("P-384").jwk(), TestKey::ec("P-521").jwk(),
              TestKey::rsa().jwk(R"("key_ops":["verify"])")}));
    ASSERT_TRUE(keys) << keys.error().message;
    EXPECT_EQ(keys->size(), 5U);
}

TEST(KeySet, LeavesOutWhatIsNotForSignatures) {
    auto keys = KeySet::parse(jwks({
        TestKey::rsa().jwk(R"("use":"enc")"),
        TestKey::rsa().jwk(R"("key_ops":["encrypt"])"),
        TestKey::rsa().jwk(R"("alg":"RSA-OAEP")"),
        TestKey::rsa().jwk(R"("alg":"HS256")"),
        R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"})",
        R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
        TestKey::ec("P-256").jwk(),
    }));
    ASSERT_TRUE(keys) << keys.error().message;
    EXPECT_EQ(keys->size(), 1U);
}

TEST(KeySet, LeavesOutWhatIsDamagedOrWeak) {
    auto message = refusal(jwks({
        TestKey::rsa(1024).jwk(),
        R"({"kty":"RSA","n":"AQAB"})",
        R"({"kty":"RSA","n":5,"e":"AQAB"})",
        R"({"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"})",
        R"({"kty":"EC","crv":"P-999","x":"AQAB","y":"AQAB"})",
        R"("a text")",
        "null",
    }));
    EXPECT_THAT(message, HasSubstr("None of the 7 keys"));
}

TEST(KeySet, RefusesWhatIsNoDocument) {
    for (const char* text : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":null})", "<html>"})
        EXPECT_THAT(refusal(text), HasSubstr("not a JWKS document")) << text;
    EXPECT_THAT(refusal(R"({"keys":[]})"), HasSubstr("None of the 0 keys"));
    EXPECT_THAT(refusal(std::string(2UL << 20, ' ')), HasSubstr("1 MiB"));
}

TEST(KeySet, TellsWhetherATokensKeyIsMissing) {
    auto rsa = TestKey::rsa();
    auto keys = KeySet::parse(jwks({rsa.jwk(R"("kid":"a")")}));
    ASSERT_TRUE(keys);
    EXPECT_FALSE(keys->lacks_key_of(rsa.token("RS256", "{}", R"(,"kid":"a")")));
    EXPECT_TRUE(keys->lacks_key_of(rsa.token("RS256", "{}", R"(,"kid":"b")")));
    EXPECT_FALSE(keys->lacks_key_of(rsa.token("RS256", "{}")));
    // Whoever sends nonsense must not make us ask the issuer.
    for (const char* text : {"", "a.b.c", "..."})
        EXPECT_FALSE(keys->lacks_key_of(text));
    auto unsigned_token = base64url(R"({"alg":"none","kid":"b"})") + "." + base64url("{}") + ".";
    EXPECT_FALSE(keys->lacks_key_of(unsigned_token));
}

}  // namespace
}  // namespace mw::jwt
