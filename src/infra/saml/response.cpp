#include "infra/saml/response.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "base/storable_text.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/saml/assertion.hpp"
#include "infra/saml/decrypt.hpp"
#include "infra/saml/signature.hpp"
#include "infra/saml/xml.hpp"

namespace mw::saml {
namespace {

using namespace detail;

constexpr std::size_t kMessageBytesMax = 256UL * 1024;
constexpr std::size_t kStatusBytesMax = 300;
constexpr std::string_view kSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success";

std::unexpected<Error> refused(const char* why, const char* detail = "") {
    return fail(Errc::unauthenticated, why, detail);
}

result<Document> read_message(std::string_view base64) {
    if (base64.size() > kMessageBytesMax)
        return refused("The identity provider's answer is larger than 256 KiB");
    std::string kept;
    std::ranges::copy_if(base64, std::back_inserter(kept),
                         [](char c) { return c != '\r' && c != '\n' && c != ' ' && c != '\t'; });
    auto xml = crypto::base64_decode(kept);
    if (!xml) return refused("The identity provider's answer cannot be used", "it is not base64");
    MW_TRY(auto document, read_xml(*xml));
    auto* root = xmlDocGetRootElement(document.get());
    if (!is(root, kProtocol, "Response") || attribute(root, "Version") != "2.0")
        return refused("The identity provider's answer cannot be used",
                       "it is no Response of SAML 2.0");
    return document;
}

// One line that can be shown.
std::string shown(std::string words) {
    std::ranges::replace_if(words, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return storable_text(words, kStatusBytesMax);
}

// "AuthnFailed" of "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed".
std::string short_code(const std::string& code) {
    return code.substr(code.rfind(':') + 1);
}

result<> check_status(const xmlNode* response) {
    const auto* status = child(response, kProtocol, "Status");
    const auto* code = status ? child(status, kProtocol, "StatusCode") : nullptr;
    auto value = code ? attribute(code, "Value").value_or("") : "";
    if (value == kSuccess) return {};
    if (value.empty())
        return refused("The identity provider's answer does not say whether the sign-in worked");
    auto words = short_code(value);
    // The second says why, the first only whose fault it is.
    if (const auto* inner = child(code, kProtocol, "StatusCode"))
        words += ", " + short_code(attribute(inner, "Value").value_or(""));
    if (const auto* message = child(status, kProtocol, "StatusMessage"))
        words += ": " + text(message);
    return fail(Errc::unauthenticated,
                "The identity provider refused the sign-in: " + shown(std::move(words)));
}

result<> check_head(const xmlNode* response, bool is_signed, const Wanted& wanted) {
    const auto* issuer = child(response, kAssertion, "Issuer");
    if (issuer && !is_from(issuer, wanted.provider))
        return refused("The answer is from another identity provider");
    auto destination = attribute(response, "Destination");
    // SAML (bindings, 3.5.5.2) wants it there when the message is signed.
    if (destination ? *destination != wanted.service.acs_url : is_signed)
        return refused(
            "The identity provider's answer is for another address: is this service's "
            "ACS URL the same there?");
    auto request = attribute(response, "InResponseTo");
    if (!request) return refused("The sign-in was begun at the identity provider, not here");
    if (*request != wanted.request_id)
        return refused("The identity provider's answer is not to this sign-in");
    return {};
}

struct Found {
    xmlNode* assertion;
    bool was_encrypted;
};

// A second one, wherever it stands, is how a signed assertion is wrapped around a forged one.
result<Found> find_assertion(xmlNode* response) {
    auto plain = descendants(response, kAssertion, "Assertion");
    auto encrypted = descendants(response, kAssertion, "EncryptedAssertion");
    if (plain.size() + encrypted.size() != 1)
        return refused("The identity provider's answer has not exactly one assertion");
    auto* element = plain.empty() ? encrypted.front() : plain.front();
    if (element->parent != response)
        return refused("The identity provider's answer has not exactly one assertion",
                       "it is not where it belongs");
    return Found{element, plain.empty()};
}

// In its place, as if it had come so.
result<xmlNode*> open_encrypted(xmlNode* response, xmlNode* encrypted,
                                const ServiceProvider& service) {
    MW_TRY(auto xml, decrypt(encrypted, service.key_pem));
    auto opened = replace_element(encrypted, xml);
    OPENSSL_cleanse(xml.data(), xml.size());
    if (!opened) return undecryptable();
    auto found = find_assertion(response);
    if (!found || found->was_encrypted) return undecryptable();
    return found->assertion;
}

}  // namespace

result<Subject> read_response(const ServiceProvider& service, const IdentityProvider& provider,
                              std::string_view saml_response_base64,
                              std::string_view expected_request_id, Timestamp now) {
    // Empty expectations would be met by what is not there.
    if (expected_request_id.empty() || service.entity_id.empty() || service.acs_url.empty() ||
        provider.entity_id.empty())
        return fail(Errc::internal, "The identity provider's answer cannot be checked",
                    "saml: a request id, entity id or ACS URL is empty");
    Wanted wanted{service, provider, std::string(expected_request_id), now};
    MW_TRY(auto keys, read_public_keys(provider.certificate_pem));
    MW_TRY(auto document, read_message(saml_response_base64));
    auto* response = xmlDocGetRootElement(document.get());
    MW_TRY(bool response_signed, check_signature(response, keys));
    MW_CHECK(check_head(response, response_signed, wanted));
    MW_CHECK(check_status(response));
    MW_TRY(auto found, find_assertion(response));
    auto* assertion = found.assertion;
    if (found.was_encrypted) {
        MW_TRY(assertion, open_encrypted(response, assertion, service));
    }
    auto assertion_signed = check_signature(assertion, keys);
    if (found.was_encrypted && !response_signed && !assertion_signed.value_or(false))
        return undecryptable();
    if (!assertion_signed) return fail(std::move(assertion_signed.error()));
    if (!response_signed && !*assertion_signed)
        return refused("The identity provider's answer is not signed");
    return read_assertion(assertion, wanted);
}

bool is_unsolicited(std::string_view saml_response_base64) {
    auto document = read_message(saml_response_base64);
    return document && !attribute(xmlDocGetRootElement(document->get()), "InResponseTo");
}

}  // namespace mw::saml
