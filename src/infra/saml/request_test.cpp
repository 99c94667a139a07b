#include "infra/saml/request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "infra/crypto/base64.hpp"
#include "infra/saml/test_provider.hpp"
#include "infra/saml/xml.hpp"

namespace mw::saml {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;
using testing_::Pair;

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
    }
    return out;
}

// The parameter as it is sent; empty when it is not there.
std::string parameter(const std::string& url, const std::string& name) {
    auto at = url.find(name + "=");
    if (at == url.npos) return "";
    at += name.size() + 1;
    return url.substr(at, url.find('&', at) - at);
}

std::string inflated(const std::string& packed) {
    z_stream stream{};
    inflateInit2(&stream, -15);
    std::string plain(16UL * 1024, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return plain;
}

class Request : public testing::Test {
  protected:
    Request()
        : service_{.entity_id = "https://mw.example/saml?a=1&b=<2>",
                   .acs_url = "https://mw.example/saml/acs",
                   .key_pem = pair().key_pem(),
                   .certificate_pem = pair().certificate_pem()},
          provider_{.entity_id = "https://idp.example",
                    .sso_url = "https://idp.example/sso",
                    .certificate_pem = pair().certificate_pem()} {}

    static const Pair& pair() {
        static const Pair made;
        return made;
    }
    std::string refusal(std::string_view relay_state = "") const {
        auto request = make_request(service_, provider_, relay_state);
        if (request) return "";
        EXPECT_EQ(request.error().code, Errc::invalid_argument);
        return request.error().message;
    }

    ServiceProvider service_;
    IdentityProvider provider_;
};

TEST_F(Request, AsksToSignIn) {
    auto at = *parse_time("2026-01-01T00:00:00.5Z");
    auto request = make_request(service_, provider_, "a b&c", at);
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_THAT(request->id, MatchesRegex("_[0-9a-f]{40}"));
    EXPECT_THAT(request->url, StartsWith("https://idp.example/sso?SAMLRequest="));
    EXPECT_EQ(parameter(request->url, "RelayState"), "a%20b%26c");
    EXPECT_THAT(request->url, Not(HasSubstr("Sig")));

    auto packed = crypto::base64_decode(percent_decoded(parameter(request->url, "SAMLRequest")));
    ASSERT_TRUE(packed);
    auto document = detail::read_xml(inflated(*packed));
    ASSERT_TRUE(document);
    auto* root = xmlDocGetRootElement(document->get());
    ASSERT_TRUE(detail::is(root, detail::kProtocol, "AuthnRequest"));
    using detail::attribute;
    EXPECT_EQ(attribute(root, "ID"), request->id);
    EXPECT_EQ(attribute(root, "Version"), "2.0");
    EXPECT_THAT(*attribute(root, "IssueInstant"), MatchesRegex("2026-01-01T00:00:00(.0+)?Z"));
    EXPECT_EQ(attribute(root, "Destination"), "https://idp.example/sso");
    EXPECT_EQ(attribute(root, "ForceAuthn"), "false");
    EXPECT_EQ(attribute(root, "ProtocolBinding"), detail::kPostBinding);
    EXPECT_EQ(attribute(root, "AssertionConsumerServiceURL"), service_.acs_url);
    EXPECT_EQ(detail::text(detail::child(root, detail::kAssertion, "Issuer")), service_.entity_id);
    EXPECT_EQ(attribute(detail::child(root, detail::kProtocol, "NameIDPolicy"), "Format"),
              detail::kUnspecifiedName);
}

TEST_F(Request, IsNewEachTime) {
    EXPECT_NE(make_request(service_, provider_, "")->id, make_request(service_, provider_, "")->id);
}

TEST_F(Request, JoinsAQuery) {
    provider_.sso_url = "https://idp.example/sso?tenant=5";
    auto request = make_request(service_, provider_, "");
    ASSERT_TRUE(request);
    EXPECT_THAT(request->url, StartsWith("https://idp.example/sso?tenant=5&SAMLRequest="));
    EXPECT_THAT(request->url, Not(HasSubstr("RelayState")));
}

TEST_F(Request, IsSignedWhenAsked) {
    provider_.sign_requests = true;
    for (const char* relay_state : {"", "r/1"}) {
        auto request = make_request(service_, provider_, relay_state);
        ASSERT_TRUE(request) << request.error().message;
        const auto& url = request->url;
        EXPECT_EQ(percent_decoded(parameter(url, "SigAlg")),
                  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
        auto signature = crypto::base64_decode(percent_decoded(parameter(url, "Signature")));
        ASSERT_TRUE(signature);
        auto from = url.find("SAMLRequest=");
        auto text = url.substr(from, url.find("&Signature=") - from);
        detail::Digest context(EVP_MD_CTX_new());
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, pair().key());
        EXPECT_EQ(EVP_DigestVerify(
                      context.get(), reinterpret_cast<const unsigned char*>(signature->data()),
                      signature->size(), reinterpret_cast<const unsigned char*>(text.data()),
                      text.size()),
                  1);
    }
}

TEST_F(Request, RefusesWhatCannotBeUsed) {
    EXPECT_THAT(refusal(std::string(81, 'x')), HasSubstr("80 bytes"));
    provider_.sign_requests = true;
    service_.key_pem = Secret("no key");
    EXPECT_THAT(refusal(), HasSubstr("not an RSA key"));
    service_.key_pem = Pair("P-256").key_pem();
    EXPECT_THAT(refusal(), HasSubstr("not an RSA key"));
    service_.key_pem = pair().key_pem(EVP_aes_256_cbc());
    EXPECT_THAT(refusal(), HasSubstr("encrypted"));
    for (const char* url : {"", "javascript:alert(1)", "idp.example", "https://idp.example/#a",
                            "https://idp.example/\r\nX: y"}) {
        provider_.sso_url = url;
        EXPECT_THAT(refusal(), HasSubstr("sign-in URL")) << url;
    }
}

TEST_F(Request, MetadataIntroducesTheService) {
    auto xml = metadata(service_);
    ASSERT_TRUE(xml) << xml.error().message;
    auto document = detail::read_xml(*xml);
    ASSERT_TRUE(document);
    auto* root = xmlDocGetRootElement(document->get());
    ASSERT_TRUE(detail::is(root, detail::kMetadata, "EntityDescriptor"));
    EXPECT_EQ(detail::attribute(root, "entityID"), service_.entity_id);
    auto consumers = detail::descendants(root, detail::kMetadata, "AssertionConsumerService");
    ASSERT_EQ(consumers.size(), 1U);
    EXPECT_EQ(detail::attribute(consumers[0], "Location"), service_.acs_url);
    EXPECT_EQ(detail::attribute(consumers[0], "Binding"), detail::kPostBinding);
    auto certificates = detail::descendants(root, detail::kSignature, "X509Certificate");
    ASSERT_EQ(certificates.size(), 2U);
    for (const auto* certificate : certificates)
        EXPECT_EQ(detail::text(certificate), pair().certificate_base64());
    EXPECT_THAT(*xml, Not(HasSubstr("PRIVATE")));
    service_.certificate_pem = "x";
    EXPECT_FALSE(metadata(service_));
}

}  // namespace
}  // namespace mw::saml
