#include "infra/saml/response.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xmlsec/crypto.h>

#include <thread>

#include "infra/saml/test_provider.hpp"

namespace mw::saml {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing_::base64;
using testing_::replaced;
using testing_::sign;

const Timestamp kNow = *parse_time("2026-01-01T00:00:00Z");

constexpr const char* kGood =
    R"(<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol")"
    R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="_r" Version="2.0")"
    R"( IssueInstant="2026-01-01T00:00:00Z" Destination="https://mw.example/acs")"
    R"( InResponseTo="_req"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">)"
    R"(https://idp.example</saml:Issuer><samlp:Status><samlp:StatusCode)"
    R"( Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0")"
    R"( IssueInstant="2026-01-01T00:00:00Z"><saml:Issuer>https://idp.example</saml:Issuer>)"
    R"(<saml:Subject><saml:NameID> ada@example.com </saml:NameID>)"
    R"(<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">)"
    R"(<saml:SubjectConfirmationData NotOnOrAfter="2026-01-01T00:05:00.000Z")"
    R"( Recipient="https://mw.example/acs" InResponseTo="_req"/></saml:SubjectConfirmation>)"
    R"(</saml:Subject><saml:Conditions NotBefore="2025-12-31T23:55:00Z")"
    R"( NotOnOrAfter="2026-01-01T00:10:00Z"><saml:AudienceRestriction>)"
    R"(<saml:Audience>https://mw.example</saml:Audience></saml:AudienceRestriction>)"
    R"(</saml:Conditions><saml:AuthnStatement AuthnInstant="2025-12-31T23:59:00Z")"
    R"( SessionNotOnOrAfter="2026-01-01T08:00:00Z"/><saml:AttributeStatement>)"
    R"(<saml:Attribute Name="groups"><saml:AttributeValue>dev</saml:AttributeValue>)"
    R"(<saml:AttributeValue xsi:nil="false"> ops &amp; more</saml:AttributeValue>)"
    R"(</saml:Attribute><saml:Attribute Name="empty"/>)"
    R"(</saml:AttributeStatement></saml:Assertion></samlp:Response>)";

class Response : public testing::Test {
  protected:
    Response()
        : service_{.entity_id = "https://mw.example",
                   .acs_url = "https://mw.example/acs",
                   .key_pem = service_pair().key_pem(),
                   .certificate_pem = service_pair().certificate_pem()},
          provider_{.entity_id = "https://idp.example",
                    .sso_url = "https://idp.example/sso",
                    .certificate_pem = pair().certificate_pem()} {}

    static const testing_::Pair& pair() {
        static const testing_::Pair made;
        return made;
    }
    static const testing_::Pair& service_pair() {
        static const testing_::Pair made;
        return made;
    }
    static const testing_::Pair& stranger() {
        static const testing_::Pair made;
        return made;
    }
    static std::string signed_by(const std::string& id, const std::string& xml = kGood) {
        return sign(xml, id, pair(), testing_::sha256());
    }
    // The signed assertion alone, as it is signed.
    static std::string assertion_of(const std::string& xml) {
        auto from = xml.find("<saml:Assertion");
        return xml.substr(from, xml.find("</saml:Assertion>") + 17 - from);
    }

    result<Subject> read(const std::string& xml, Timestamp now = kNow) const {
        return read_response(service_, provider_, base64(xml), "_req", now);
    }
    // Empty when it is taken.
    std::string refusal(const std::string& xml, Timestamp now = kNow) const {
        auto subject = read(xml, now);
        if (subject) return "";
        EXPECT_EQ(subject.error().code, Errc::unauthenticated);
        EXPECT_THAT(subject.error().message, Not(HasSubstr("ada@")));
        return subject.error().message + " " + subject.error().detail;
    }
    // Of a change before all is signed: only the check for it can refuse.
    std::string refusal_of(std::string_view what, std::string_view by) const {
        return refusal(signed_by("_r", replaced(kGood, what, by)));
    }
    std::string encrypted(const std::string& xml, const testing_::Pair& receiver,
                          bool beside = false,
                          xmlSecTransformId cipher = xmlSecTransformAes256GcmId) const {
        return testing_::encrypt(xml, receiver, beside, cipher, xmlSecTransformRsaOaepId);
    }

    ServiceProvider service_;
    IdentityProvider provider_;
};

TEST_F(Response, SaysWhoSignedIn) {
    auto subject = read(signed_by("_a"));
    ASSERT_TRUE(subject) << subject.error().message << subject.error().detail;
    EXPECT_EQ(subject->name_id, "ada@example.com");
    EXPECT_EQ(subject->assertion_id, "_a");
    EXPECT_EQ(subject->session_not_after, parse_time("2026-01-01T08:00:00Z"));
    EXPECT_EQ(subject->attributes.size(), 2U);
    EXPECT_THAT(subject->attributes["groups"], ElementsAre("dev", "ops & more"));
    EXPECT_THAT(subject->attributes["empty"], ElementsAre());
}

TEST_F(Response, MayBeSignedHereOrThereOrBoth) {
    EXPECT_EQ(refusal(signed_by("_a")), "");
    EXPECT_EQ(refusal(signed_by("_r")), "");
    EXPECT_EQ(refusal(signed_by("_r", signed_by("_a"))), "");
    auto wrapped = base64(signed_by("_r"));
    for (std::size_t at = 76; at < wrapped.size(); at += 78)
        wrapped.insert(at, "\r\n");
    EXPECT_TRUE(read_response(service_, provider_, wrapped, "_req", kNow)) << "in lines";
}

TEST_F(Response, OptionalPartsMayBeMissing) {
    auto xml = replaced(kGood, R"( SessionNotOnOrAfter="2026-01-01T08:00:00Z")", "");
    xml = replaced(xml, R"( NotBefore="2025-12-31T23:55:00Z")", "");
    auto subject =
        read(signed_by("_a", replaced(xml, R"( Destination="https://mw.example/acs")", "")));
    ASSERT_TRUE(subject) << subject.error().message;
    EXPECT_EQ(subject->session_not_after, std::nullopt);
}

TEST_F(Response, TakesOldAndNewCertificate) {
    provider_.certificate_pem = stranger().certificate_pem() + pair().certificate_pem();
    EXPECT_EQ(refusal(signed_by("_a")), "");
    provider_.certificate_pem =
        stranger().certificate_base64() + "\n\n" + pair().certificate_base64();
    EXPECT_EQ(refusal(signed_by("_r")), "");
}

TEST_F(Response, TakesEcdsa) {
    testing_::Pair ec("P-256");
    provider_.certificate_pem = ec.certificate_pem();
    EXPECT_EQ(refusal(sign(kGood, "_a", ec, testing_::ecdsa())), "");
}

TEST_F(Response, RefusesWhatIsNotSigned) {
    EXPECT_THAT(refusal(kGood), HasSubstr("is not signed"));
}

TEST_F(Response, RefusesAStrangersSignature) {
    // It brings its own certificate along, which nobody here knows.
    for (const char* id : {"_a", "_r"})
        EXPECT_THAT(refusal(sign(kGood, id, stranger(), testing_::sha256())),
                    HasSubstr("not by one of the certificates"));
    // A good one does not make up for a bad one.
    EXPECT_THAT(refusal(signed_by("_r", sign(kGood, "_a", stranger(), testing_::sha256()))),
                HasSubstr("not by one of the certificates"));
    EXPECT_THAT(refusal(sign(signed_by("_a"), "_r", stranger(), testing_::sha256())),
                HasSubstr("not by one of the certificates"));
}

TEST_F(Response, RefusesWhatWasChangedAfterwards) {
    for (const char* id : {"_a", "_r"}) {
        EXPECT_THAT(refusal(replaced(signed_by(id), "ada@", "root@")), HasSubstr("changed"));
        EXPECT_THAT(refusal(replaced(signed_by(id), ">dev<", ">admin<")), HasSubstr("changed"));
    }
    EXPECT_THAT(refusal(replaced(signed_by("_r"), "status:Success", "status:success")),
                HasSubstr("changed"));
}

TEST_F(Response, RefusesSha1) {
    EXPECT_THAT(refusal(sign(kGood, "_a", pair(), testing_::sha1())), HasSubstr("SHA-1"));
    auto digest_only = testing_::sha1();
    digest_only.signature = xmlSecTransformRsaSha256Id;
    EXPECT_THAT(refusal(sign(kGood, "_r", pair(), digest_only)), HasSubstr("SHA-1"));
}

TEST_F(Response, RefusesOtherTransforms) {
    auto good = signed_by("_a");
    for (const char* transform : {"http://www.w3.org/2000/09/xmldsig#base64",
                                  "http://www.w3.org/TR/1999/REC-xpath-19991116",
                                  "http://www.w3.org/TR/1999/REC-xslt-19991116"})
        EXPECT_THAT(refusal(replaced(good, "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                                     transform)),
                    HasSubstr("signature"));
    auto algorithms = testing_::sha256();
    algorithms.canonical = xmlSecTransformInclC14NId;
    EXPECT_EQ(refusal(sign(kGood, "_a", pair(), algorithms)), "");
    algorithms.canonical = xmlSecTransformInclC14N11Id;
    EXPECT_THAT(refusal(sign(kGood, "_a", pair(), algorithms)), HasSubstr("signature"))
        << "a good one, but not one of those that are known here";
    // A shared secret instead of a key pair.
    EXPECT_THAT(refusal(replaced(good, "#rsa-sha256", "#hmac-sha256")), HasSubstr("signature"));
}

// Comments are not signed, and must not cut a name short.
TEST_F(Response, CommentsDoNotEndAName) {
    auto xml = signed_by("_a", replaced(kGood, "ada@example.com", "ada@example.com.evil.org"));
    auto subject = read(replaced(xml, "com.evil", "com<!-- -->.evil"));
    ASSERT_TRUE(subject) << subject.error().message;
    EXPECT_EQ(subject->name_id, "ada@example.com.evil.org");
}

TEST_F(Response, RefusesAForgedAssertionBesideTheSignedOne) {
    auto good = signed_by("_a");
    auto original = assertion_of(good);
    auto forged = replaced(replaced(assertion_of(kGood), "_a", "_f"), "ada@", "root@");
    for (const std::string& both :
         {forged + original, original + forged,
          forged + "<samlp:Extensions>" + original + "</samlp:Extensions>",
          "<samlp:Extensions>" + original + "</samlp:Extensions>" + forged})
        EXPECT_THAT(refusal(replaced(good, original, both)), HasSubstr("exactly one assertion"));
    // Only somewhere else.
    EXPECT_THAT(
        refusal(replaced(good, original, "<samlp:Extensions>" + original + "</samlp:Extensions>")),
        HasSubstr("exactly one assertion"));
    // None.
    EXPECT_THAT(refusal(signed_by("_r", replaced(kGood, assertion_of(kGood), ""))),
                HasSubstr("exactly one assertion"));
}

TEST_F(Response, RefusesASignatureOfAnotherElement) {
    auto good = signed_by("_a");
    auto original = assertion_of(good);
    auto from = original.find("<ds:Signature");
    auto signature = original.substr(from, original.find("</ds:Signature>") + 15 - from);
    auto unsigned_original = replaced(original, signature, "");
    auto object = "<ds:Object>" + unsigned_original + "</ds:Object></ds:Signature>";
    auto holding = replaced(signature, "</ds:Signature>", object);
    auto forged = replaced(replaced(assertion_of(kGood), "ada@", "root@"), "<saml:Subject>",
                           holding + "<saml:Subject>");
    // The original inside the forged one's signature: under another ID, and under the same.
    EXPECT_THAT(refusal(replaced(good, original, replaced(forged, R"(ID="_a")", R"(ID="_f")"))),
                HasSubstr("exactly one assertion"));
    EXPECT_THAT(refusal(replaced(good, original, forged)), HasSubstr("one ID"));
    // What the parser itself takes for an ID.
    auto by_xml_id =
        replaced(forged, "<ds:Object><saml:Assertion", R"(<ds:Object><saml:Assertion xml:id="_a")");
    EXPECT_THAT(refusal(replaced(good, original, by_xml_id)), HasSubstr("xml:id"));
    // Two signatures, and an empty reference.
    EXPECT_THAT(refusal(replaced(good, signature, signature + signature)),
                HasSubstr("more than one"));
    for (const char* reference : {"", "#_r", "#xpointer(id('_a'))", "https://idp.example/_a"})
        EXPECT_THAT(refusal(replaced(good, R"(URI="#_a")", fmt::format("URI=\"{}\"", reference))),
                    HasSubstr("to another element"));
}

TEST_F(Response, RefusesASignedResponseInsideAForgedOne) {
    auto good = signed_by("_r");
    auto forged =
        replaced(replaced(replaced(kGood, "_r\"", "_q\""), "\"_a", "\"_f"), "ada@", "root@");
    auto both = replaced(forged, "<samlp:Status>",
                         "<samlp:Extensions>" + good + "</samlp:Extensions><samlp:Status>");
    EXPECT_THAT(refusal(both), HasSubstr("exactly one assertion"));
}

TEST_F(Response, RefusesDoctypesAndEntities) {
    auto good = signed_by("_a");
    EXPECT_THAT(refusal("<!DOCTYPE samlp:Response>" + good), HasSubstr("DOCTYPE"));
    EXPECT_THAT(refusal(R"(<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>)" +
                        replaced(good, "ada@", "&a;")),
                HasSubstr("DOCTYPE"));
    EXPECT_THAT(refusal(replaced(good, "ada@", "&undefined;")), HasSubstr("not XML"));
    // In another encoding, where a search for the word finds nothing.
    std::string wide = "\xFE\xFF";
    for (char c : "<!DOCTYPE x []>" + good)
        wide += std::string{'\0', c};
    EXPECT_NE(refusal(wide), "");
    std::string seven = R"(<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4)" + good;
    EXPECT_NE(refusal(seven), "");
}

// Each costs seconds of canonicalization before the signature is known to be wrong.
TEST_F(Response, RefusesAShapeThatNoMessageHas) {
    std::string open, close, many, namespaces = "<x", attributes = "<x";
    for (int i = 0; i < 100; ++i) {
        open += "<x>";
        close += "</x>";
        namespaces += fmt::format(R"( xmlns:n{}="urn:n")", i);
        attributes += fmt::format(R"( a{}="")", i);
    }
    for (int i = 0; i < 10'000; ++i)
        many += "<x/>";
    auto good = signed_by("_a");
    for (const auto& more : {open + close, namespaces + "/>", attributes + "/>", many})
        EXPECT_THAT(refusal(replaced(good, "<saml:AttributeStatement>",
                                     "<saml:AttributeStatement>" + more)),
                    HasSubstr("too many"));
}

TEST_F(Response, RefusesWhatIsNoResponse) {
    EXPECT_THAT(read_response(service_, provider_, "***", "_req", kNow).error().detail,
                HasSubstr("base64"));
    EXPECT_THAT(refusal(""), HasSubstr("not XML"));
    EXPECT_THAT(refusal("<a>"), HasSubstr("not XML"));
    EXPECT_THAT(refusal("<Response/>"), HasSubstr("no Response"));
    EXPECT_THAT(refusal(assertion_of(signed_by("_a"))), HasSubstr("no Response"));
    EXPECT_THAT(refusal(replaced(kGood, R"(Version="2.0")", R"(Version="1.1")")),
                HasSubstr("no Response"));
    std::string deep;
    for (int i = 0; i < 20'000; ++i)
        deep += "<a>";
    EXPECT_THAT(refusal(deep), HasSubstr("not XML"));
    EXPECT_THAT(refusal(replaced(signed_by("_r"), "dev", std::string(256UL * 1024, 'x'))),
                HasSubstr("256 KiB"));
}

TEST_F(Response, TellsTheProvidersOwnWords) {
    auto failed =
        replaced(kGood, R"(<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>)",
                 R"(<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">)"
                 R"(<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/>)"
                 "</samlp:StatusCode><samlp:StatusMessage>No\nsuch user</samlp:StatusMessage>");
    failed = replaced(failed, assertion_of(kGood), "");
    EXPECT_THAT(refusal(failed),
                HasSubstr("refused the sign-in: Responder, AuthnFailed: No such user"));
    EXPECT_LT(refusal(replaced(failed, "such", std::string(5000, 'x'))).size(), 500U);
    EXPECT_THAT(refusal_of(R"( Value="urn:oasis:names:tc:SAML:2.0:status:Success")", ""),
                HasSubstr("whether the sign-in worked"));
}

TEST_F(Response, AsksForTheProvider) {
    auto other = replaced(kGood, "https://idp.example</saml:Issuer><samlp",
                          "https://other.example</saml:Issuer><samlp");
    EXPECT_THAT(refusal(signed_by("_r", other)), HasSubstr("another identity provider"));
    EXPECT_THAT(refusal_of("https://idp.example</saml:Issuer><saml:Subject",
                           "https://other.example</saml:Issuer><saml:Subject"),
                HasSubstr("another identity provider"));
}

TEST_F(Response, AsksForThisService) {
    EXPECT_THAT(refusal_of(R"(Destination="https://mw.example/acs")",
                           R"(Destination="https://evil.example/acs")"),
                HasSubstr("another address"));
    EXPECT_THAT(refusal_of(R"( Destination="https://mw.example/acs")", ""),
                HasSubstr("another address"))
        << "it must be there when the message is signed";
    EXPECT_THAT(refusal_of(R"(Recipient="https://mw.example/acs")",
                           R"(Recipient="https://evil.example/acs")"),
                HasSubstr("another recipient"));
    EXPECT_THAT(refusal_of(R"( Recipient="https://mw.example/acs")", ""),
                HasSubstr("another recipient"));
    EXPECT_THAT(
        refusal_of("<saml:Audience>https://mw.example<", "<saml:Audience>https://x.example<"),
        HasSubstr("another audience"));
    EXPECT_THAT(refusal_of("</saml:AudienceRestriction>",
                           "</saml:AudienceRestriction><saml:AudienceRestriction>"
                           "<saml:Audience>x</saml:Audience></saml:AudienceRestriction>"),
                HasSubstr("another audience"))
        << "each restriction must be met";
    EXPECT_THAT(refusal_of("<saml:AudienceRestriction><saml:Audience>https://mw.example"
                           "</saml:Audience></saml:AudienceRestriction>",
                           ""),
                HasSubstr("for whom it is"));
    EXPECT_THAT(
        refusal_of("<saml:AudienceRestriction>", "<saml:Condition/><saml:AudienceRestriction>"),
        HasSubstr("condition"));
}

TEST_F(Response, AsksForTheRequest) {
    auto xml = signed_by("_a");
    auto other = read_response(service_, provider_, base64(xml), "_other", kNow);
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error().message, HasSubstr("not to this sign-in"));
    // The Response says one thing, and the signed assertion the other.
    EXPECT_THAT(refusal(signed_by(
                    "_a", replaced(kGood, R"(InResponseTo="_req"/>)", R"(InResponseTo="_old"/>)"))),
                HasSubstr("not to this sign-in"));
    EXPECT_THAT(refusal_of(R"( InResponseTo="_req"/>)", "/>"), HasSubstr("not to this sign-in"));
    EXPECT_EQ(read_response(service_, provider_, base64(xml), "", kNow).error().code,
              Errc::internal);
}

TEST_F(Response, TellsWhatNobodyAskedFor) {
    auto xml = replaced(kGood, R"( InResponseTo="_req"><)", "><");
    EXPECT_TRUE(is_unsolicited(base64(xml)));
    EXPECT_THAT(refusal(signed_by("_a", xml)), HasSubstr("begun at the identity provider"));
    EXPECT_FALSE(is_unsolicited(base64(kGood)));
    EXPECT_FALSE(is_unsolicited(""));
    EXPECT_FALSE(is_unsolicited("***"));
    EXPECT_FALSE(is_unsolicited(base64("<a/>")));
}

TEST_F(Response, AsksForABearersConfirmation) {
    EXPECT_THAT(refusal_of("cm:bearer", "cm:holder-of-key"), HasSubstr("bearer"));
    EXPECT_THAT(refusal_of(R"( NotOnOrAfter="2026-01-01T00:05:00.000Z")", ""),
                HasSubstr("until when"));
    // One good one is enough.
    EXPECT_EQ(
        refusal_of("<saml:SubjectConfirmation ",
                   R"(<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/>)"
                   "<saml:SubjectConfirmation "),
        "");
}

TEST_F(Response, AsksForAName) {
    EXPECT_THAT(refusal_of("<saml:NameID> ada@example.com </saml:NameID>", ""),
                HasSubstr("does not name the user"));
    EXPECT_THAT(refusal_of(" ada@example.com ", " "), HasSubstr("does not name the user"));
    EXPECT_THAT(refusal_of("<saml:NameID> ada@example.com </saml:NameID>", "<saml:EncryptedID/>"),
                HasSubstr("encrypts the user's name"));
}

TEST_F(Response, AsksForASignIn) {
    EXPECT_THAT(refusal_of("<saml:AuthnStatement", "<saml:Other"), HasSubstr("no sign-in"));
    EXPECT_THAT(refusal_of(R"(SessionNotOnOrAfter="2026)", R"(SessionNotOnOrAfter="2025)"),
                HasSubstr("has ended"));
}

TEST_F(Response, AsksForTheTimes) {
    using std::chrono::seconds;
    auto xml = signed_by("_r");
    auto confirmed = *parse_time("2026-01-01T00:05:00Z");
    EXPECT_EQ(refusal(xml, confirmed + seconds(59)), "") << "within the leeway";
    EXPECT_THAT(refusal(xml, confirmed + seconds(60)), HasSubstr("has expired"));
    auto begins = *parse_time("2025-12-31T23:55:00Z");
    EXPECT_EQ(refusal(xml, begins - seconds(60)), "");
    EXPECT_THAT(refusal(xml, begins - seconds(61)), HasSubstr("not valid yet"));
    EXPECT_THAT(refusal_of(R"(NotOnOrAfter="2026-01-01T00:10:00Z")",
                           R"(NotOnOrAfter="2025-12-31T23:59:00Z")"),
                HasSubstr("has expired"));
    EXPECT_THAT(refusal_of(R"(NotOnOrAfter="2026-01-01T00:10:00Z")", R"(NotOnOrAfter="soon")"),
                HasSubstr("cannot be read"));
}

TEST_F(Response, OpensAnEncryptedAssertion) {
    for (auto cipher : {xmlSecTransformAes256GcmId, xmlSecTransformAes256CbcId})
        for (bool beside : {false, true}) {
            auto inside = encrypted(signed_by("_a"), service_pair(), beside, cipher);
            EXPECT_THAT(inside, Not(HasSubstr("ada@")));
            auto subject = read(inside);
            ASSERT_TRUE(subject) << subject.error().message;
            EXPECT_EQ(subject->name_id, "ada@example.com");
            EXPECT_EQ(refusal(signed_by("_r", inside)), "");
        }
    EXPECT_EQ(refusal(signed_by("_r", encrypted(kGood, service_pair()))), "")
        << "the Response's signature covers what is encrypted";
}

TEST_F(Response, TellsNothingOfWhyItCannotBeOpened) {
    auto for_another = refusal(encrypted(signed_by("_a"), stranger()));
    EXPECT_THAT(for_another, HasSubstr("cannot be opened"));
    EXPECT_EQ(refusal(encrypted(kGood, service_pair())), for_another) << "not signed";
    EXPECT_EQ(refusal(encrypted(sign(kGood, "_a", stranger(), testing_::sha256()), service_pair())),
              for_another);
    auto rsa15 = testing_::encrypt(signed_by("_a"), service_pair(), false,
                                   xmlSecTransformAes256CbcId, xmlSecTransformRsaPkcs1Id);
    EXPECT_EQ(refusal(rsa15), for_another);
    service_.key_pem = Secret("no key");
    EXPECT_EQ(read(encrypted(signed_by("_a"), service_pair())).error().code,
              Errc::invalid_argument);
}

TEST_F(Response, SaysWhenTheCertificateCannotBeRead) {
    provider_.certificate_pem = "x";
    EXPECT_EQ(read(signed_by("_a")).error().code, Errc::invalid_argument);
}

TEST_F(Response, IsReadByManyThreads) {
    auto xml = signed_by("_r", signed_by("_a"));
    std::vector<std::thread> threads;
    std::vector<std::string> outcomes(4, "nothing");
    for (auto& outcome : outcomes)
        threads.emplace_back([&] {
            for (int i = 0; i < 20; ++i)
                outcome = refusal(xml);
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_THAT(outcomes, ElementsAre("", "", "", ""));
}

}  // namespace
}  // namespace mw::saml
