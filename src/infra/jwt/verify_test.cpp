#include "infra/jwt/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infra/jwt/test_key.hpp"

namespace mw::jwt {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_::base64url;
using testing_::jwks;
using testing_::TestKey;

constexpr std::int64_t kNow = 1'700'000'000;

Expected expected() {
    return {.issuer = "https://idp.example",
            .audience = "client",
            .now = Timestamp(std::chrono::seconds(kNow))};
}

// Good claims; `changes` are laid over them, null takes one away.
std::string claims(const boost::json::object& changes = {}) {
    boost::json::object all{{"iss", "https://idp.example"},
                            {"aud", "client"},
                            {"exp", kNow + 300},
                            {"iat", kNow - 10},
                            {"sub", "u1"}};
    for (const auto& [name, value] : changes) {
        if (value.is_null())
            all.erase(name);
        else
            all[name] = value;
    }
    return boost::json::serialize(all);
}

class Verify : public testing::Test {
  protected:
    static void SetUpTestSuite() { rsa_ = new TestKey(TestKey::rsa()); }
    static void TearDownTestSuite() {
        delete rsa_;
        rsa_ = nullptr;
    }
    static const TestKey& rsa() { return *rsa_; }

    static KeySet keys(const std::vector<std::string>& list) {
        auto parsed = KeySet::parse(jwks(list));
        EXPECT_TRUE(parsed);
        return *parsed;
    }
    static KeySet rsa_keys() { return keys({rsa().jwk(R"("kid":"a","use":"sig")")}); }

    // Empty when the token is good.
    static std::string refusal(std::string_view token, const KeySet& set,
                               const Expected& wanted = expected()) {
        auto outcome = verify(token, set, wanted);
        if (outcome) return "";
        EXPECT_EQ(outcome.error().code, Errc::unauthenticated);
        // Neither the token nor anything in it.
        if (token.size() > 16) {
            EXPECT_THAT(outcome.error().message, Not(HasSubstr(std::string(token.substr(0, 16)))));
            EXPECT_THAT(outcome.error().detail, Not(HasSubstr(std::string(token.substr(0, 16)))));
        }
        return outcome.error().message;
    }
    static std::string refusal_of(const boost::json::object& changes,
                                  const Expected& wanted = expected()) {
        return refusal(rsa().token("RS256", claims(changes)), rsa_keys(), wanted);
    }

  private:
    static inline TestKey* rsa_ = nullptr;
};

TEST_F(Verify, TakesEachAlgorithm) {
    for (const char* algorithm : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) {
        auto outcome = verify(rsa().token(algorithm, claims()), rsa_keys(), expected());
        ASSERT_TRUE(outcome) << algorithm << ": " << outcome.error().message;
        EXPECT_EQ(outcome->at("sub"), "u1");
    }
    for (auto [algorithm, curve] :
         {std::pair("ES256", "P-256"), {"ES384", "P-384"}, {"ES512", "P-521"}}) {
        auto key = TestKey::ec(curve);
        EXPECT_EQ(refusal(key.token(algorithm, claims()), keys({key.jwk()})), "") << algorithm;
    }
}

// RFC 7515, A.3: ES256 with a key and a signature that others made.
TEST_F(Verify, TakesTheSignatureOfTheRfc) {
    auto set = keys({R"({"kty":"EC","crv":"P-256",
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})"});
    std::string head = "eyJhbGciOiJFUzI1NiJ9.";
    std::string body =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
        "Ijp0cnVlfQ";
    std::string signature =
        ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    auto wanted = expected();
    wanted.issuer = "joe";
    // Its claims have no audience: that is asked only once the signature is known to be good.
    EXPECT_THAT(refusal(head + body + signature, set, wanted), HasSubstr("for whom it is"));
    signature[1] = 'E';
    EXPECT_EQ(refusal(head + body + signature, set, wanted), "The token's signature is wrong");
}

TEST_F(Verify, RefusesAWrongSignature) {
    auto other = TestKey::rsa();
    EXPECT_EQ(refusal(other.token("RS256", claims()), rsa_keys()),
              "The token's signature is wrong");
    // Other claims under a good signature.
    auto good = rsa().token("RS256", claims());
    auto forged = base64url(R"({"alg":"RS256"})") + "." + base64url(claims({{"sub", "admin"}})) +
                  good.substr(good.rfind('.'));
    EXPECT_EQ(refusal(forged, rsa_keys()), "The token's signature is wrong");
}

TEST_F(Verify, RefusesNoSignature) {
    for (const char* algorithm : {"none", "None", "NONE", ""}) {
        auto token = base64url(fmt::format(R"({{"alg":"{}"}})", algorithm)) + "." +
                     base64url(claims()) + ".";
        EXPECT_THAT(refusal(token, rsa_keys()), HasSubstr("not accepted")) << algorithm;
    }
    auto good = rsa().token("RS256", claims());
    EXPECT_NE(refusal(good.substr(0, good.rfind('.') + 1), rsa_keys()), "");
    EXPECT_NE(refusal(good.substr(0, good.rfind('.')), rsa_keys()), "");
}

// The public key is known to all: it must not become a shared secret.
TEST_F(Verify, RefusesHmacWithThePublicKey) {
    auto text = base64url(R"({"alg":"HS256","kid":"a"})") + "." + base64url(claims());
    auto secret = rsa().public_pem();
    unsigned char mac[32];
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
    auto token = text + "." + base64url({reinterpret_cast<char*>(mac), size});
    EXPECT_THAT(refusal(token, rsa_keys()), HasSubstr("not accepted"));
}

TEST_F(Verify, RefusesAnAlgorithmThatDoesNotFitTheKey) {
    auto ec = TestKey::ec("P-384");
    // RSA's signature under EC's name, and the other way around.
    EXPECT_THAT(refusal(ec.token("ES384", claims(), R"(,"kid":"a")"), rsa_keys()),
                HasSubstr("does not fit"));
    auto ec_keys = keys({ec.jwk(R"("kid":"e")")});
    EXPECT_THAT(refusal(rsa().token("RS256", claims(), R"(,"kid":"e")"), ec_keys),
                HasSubstr("does not fit"));
    EXPECT_THAT(refusal(ec.token("ES256", claims(), R"(,"kid":"e")"), ec_keys),
                HasSubstr("does not fit"));
    // A key that is for one algorithm alone.
    auto only = keys({rsa().jwk(R"("kid":"a","alg":"RS512")")});
    EXPECT_THAT(refusal(rsa().token("RS256", claims()), only), HasSubstr("does not fit"));
    EXPECT_EQ(refusal(rsa().token("RS512", claims()), only), "");
}

TEST_F(Verify, FindsTheKey) {
    auto other = TestKey::rsa();
    auto set = keys({other.jwk(R"("kid":"b")"), TestKey::ec("P-256").jwk(R"("kid":"a")"),
                     rsa().jwk(R"("kid":"a")")});
    EXPECT_EQ(refusal(rsa().token("RS256", claims(), R"(,"kid":"a")"), set), "");
    EXPECT_EQ(refusal(rsa().token("RS256", claims()), set), "") << "each that fits is tried";
    EXPECT_EQ(refusal(rsa().token("RS256", claims(), R"(,"kid":"b")"), set),
              "The token's signature is wrong");
    auto unknown = rsa().token("RS256", claims(), R"(,"kid":"c")");
    EXPECT_THAT(refusal(unknown, set), HasSubstr("list does not have"));
    EXPECT_TRUE(set.lacks_key_of(unknown));
}

// A key that the token brings along is nobody's.
TEST_F(Verify, TakesNoKeyFromTheToken) {
    auto attacker = TestKey::rsa();
    auto header = R"(,"jwk":)" + attacker.jwk() + R"(,"jku":"https://evil.example/keys")";
    EXPECT_EQ(refusal(attacker.token("RS256", claims(), header), rsa_keys()),
              "The token's signature is wrong");
}

TEST_F(Verify, RefusesCriticalExtensions) {
    EXPECT_THAT(
        refusal(rsa().token("RS256", claims(), R"(,"crit":["b64"],"b64":false)"), rsa_keys()),
        HasSubstr("extension"));
}

TEST_F(Verify, RefusesGarbage) {
    std::string body = "." + base64url(claims()) + ".AAAA";
    for (const std::string& token :
         {std::string(), std::string("x"), std::string("a.b.c"), std::string("...."),
          std::string(5, '\0'), base64url("{}") + body, base64url("[]") + body,
          base64url(R"({"alg":5})") + body, base64url(R"({"alg":"RS256","kid":5})") + body,
          base64url(R"({"alg":"RS256")") + body, "*" + base64url(R"({"alg":"RS256"})") + body,
          base64url(R"({"alg":"RS256"})") + ".**.AAAA",
          base64url(R"({"alg":"RS256"})") + body + ".AAAA.AAAA"})
        EXPECT_NE(refusal(token, rsa_keys()), "") << token;
    EXPECT_EQ(refusal(rsa().token("RS256", "no JSON"), rsa_keys()), "The token cannot be read");
    EXPECT_EQ(refusal(rsa().token("RS256", "[1]"), rsa_keys()), "The token cannot be read");
}

TEST_F(Verify, RefusesWhatIsTooLarge) {
    auto large = rsa().token("RS256", claims({{"more", std::string(32 * 1024, 'x')}}));
    EXPECT_THAT(refusal(large, rsa_keys()), HasSubstr("32 KiB"));
    EXPECT_EQ(refusal_of({{"more", std::string(16 * 1024, 'x')}}), "");
}

TEST_F(Verify, AsksForTheIssuer) {
    EXPECT_THAT(refusal_of({{"iss", "https://idp.example/"}}), HasSubstr("another issuer"));
    EXPECT_THAT(refusal_of({{"iss", nullptr}}), HasSubstr("another issuer"));
    EXPECT_THAT(refusal_of({{"iss", 5}}), HasSubstr("another issuer"));
}

TEST_F(Verify, AsksForTheAudience) {
    using boost::json::array;
    EXPECT_THAT(refusal_of({{"aud", "other"}}), HasSubstr("another audience"));
    EXPECT_THAT(refusal_of({{"aud", array{}}}), HasSubstr("another audience"));
    EXPECT_THAT(refusal_of({{"aud", array{"other", 5}}}), HasSubstr("another audience"));
    EXPECT_THAT(refusal_of({{"aud", nullptr}}), HasSubstr("for whom"));
    EXPECT_EQ(refusal_of({{"aud", array{"client"}}}), "");
    EXPECT_THAT(refusal_of({{"aud", array{"client", "other"}}}), HasSubstr("several audiences"));
    EXPECT_THAT(refusal_of({{"aud", array{"client", "other"}}, {"azp", "other"}}),
                HasSubstr("several audiences"));
    EXPECT_EQ(refusal_of({{"aud", array{"client", "other"}}, {"azp", "client"}}), "");
}

TEST_F(Verify, AsksForTheTimes) {
    EXPECT_THAT(refusal_of({{"exp", nullptr}}), HasSubstr("when it expires"));
    EXPECT_THAT(refusal_of({{"exp", "tomorrow"}}), HasSubstr("not a number"));
    EXPECT_THAT(refusal_of({{"exp", kNow - 60}}), HasSubstr("has expired"));
    EXPECT_EQ(refusal_of({{"exp", kNow - 59}}), "") << "within the leeway";
    EXPECT_THAT(refusal_of({{"exp", -1e300}}), HasSubstr("has expired"));
    EXPECT_EQ(refusal_of({{"exp", 1e300}}), "");
    EXPECT_THAT(refusal_of({{"nbf", kNow + 61}}), HasSubstr("not valid yet"));
    EXPECT_EQ(refusal_of({{"nbf", kNow + 60.0}}), "");
    EXPECT_THAT(refusal_of({{"iat", kNow + 61}}), HasSubstr("in the future"));
    EXPECT_EQ(refusal_of({{"iat", nullptr}}), "");
    auto strict = expected();
    strict.leeway = std::chrono::seconds(0);
    EXPECT_THAT(refusal_of({{"exp", kNow}}, strict), HasSubstr("has expired"));
}

TEST_F(Verify, AsksForTheNonce) {
    auto wanted = expected();
    wanted.nonce = "n-1";
    EXPECT_EQ(refusal_of({{"nonce", "n-1"}}, wanted), "");
    EXPECT_THAT(refusal_of({{"nonce", "n-2"}}, wanted), HasSubstr("nonce"));
    EXPECT_THAT(refusal_of({{"nonce", "n-"}}, wanted), HasSubstr("nonce"));
    EXPECT_THAT(refusal_of({}, wanted), HasSubstr("nonce"));
    wanted.nonce = "";
    EXPECT_THAT(refusal_of({}, wanted), HasSubstr("nonce")) << "nothing meets nothing";
}

TEST_F(Verify, ExpectsSomething) {
    auto outcome = verify(rsa().token("RS256", claims({{"iss", nullptr}})), rsa_keys(),
                          Expected{.issuer = "", .audience = "client", .now = expected().now});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Errc::internal);
}

}  // namespace
}  // namespace mw::jwt
