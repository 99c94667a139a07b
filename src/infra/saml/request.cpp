#include "infra/saml/request.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include "infra/crypto/base64.hpp"
#include "infra/crypto/random.hpp"
#include "infra/saml/keys.hpp"
#include "infra/saml/xml.hpp"
#include "infra/zlib/gzip.hpp"

namespace mw::saml {
namespace {

using namespace detail;

constexpr std::size_t kRelayStateBytesMax = 80;  // SAML bindings, 3.4.3
constexpr const char* kRsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

std::unexpected<Error> failed(const char* what) {
    return fail(Errc::internal, "The request to the identity provider cannot be made", what);
}

std::string percent_encoded(std::string_view value) {
    std::string out;
    for (unsigned char c : value) {
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            out += static_cast<char>(c);
        else
            out += fmt::format("%{:02X}", c);
    }
    return out;
}

// DEFLATE without a header (RFC 1951) is what gzip's 10 bytes of header and 8 of trailer enclose.
std::string deflated(std::string_view plain) {
    constexpr std::size_t kHeader = 10, kTrailer = 8;
    auto packed = zlib::gzip(plain, zlib::Effort::once);
    return packed.substr(kHeader, packed.size() - kHeader - kTrailer);
}

result<std::string> request_xml(const ServiceProvider& service, const IdentityProvider& provider,
                                const std::string& id, Timestamp now) {
    Document document(xmlNewDoc(as_xml("1.0")));
    auto* root = add_root(document.get(), kProtocol, "samlp", "AuthnRequest");
    auto* assertion = xmlNewNs(root, as_xml(kAssertion), as_xml("saml"));
    set_attribute(root, "ID", id);
    set_attribute(root, "Version", "2.0");
    set_attribute(root, "IssueInstant",
                  format_rfc3339(std::chrono::floor<std::chrono::seconds>(now)));
    set_attribute(root, "Destination", provider.sso_url);
    set_attribute(root, "ForceAuthn", "false");
    set_attribute(root, "ProtocolBinding", kPostBinding);
    set_attribute(root, "AssertionConsumerServiceURL", service.acs_url);
    add_element(root, assertion, "Issuer", service.entity_id);
    auto* policy = add_element(root, root->ns, "NameIDPolicy");
    set_attribute(policy, "Format", kUnspecifiedName);
    set_attribute(policy, "AllowCreate", "true");
    std::unique_ptr<xmlBuffer, FreeXml> buffer(xmlBufferCreate());
    if (!buffer || xmlNodeDump(buffer.get(), document.get(), root, 0, 0) < 0)
        return failed("libxml2");
    return std::string(reinterpret_cast<const char*>(xmlBufferContent(buffer.get())),
                       static_cast<std::size_t>(xmlBufferLength(buffer.get())));
}

result<std::string> rsa_sha256(const Secret& key_pem, std::string_view message) {
    MW_TRY(auto key, read_private_key(key_pem));
    Digest context(EVP_MD_CTX_new());
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
    auto size = signature.size();
    bool good =
        context &&
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
    ERR_clear_error();
    if (!good) return failed("signature");
    signature.resize(size);
    return signature;
}

}  // namespace

result<AuthnRequest> make_request(const ServiceProvider& service, const IdentityProvider& provider,
                                  std::string_view relay_state, Timestamp now) {
    const auto& target = provider.sso_url;
    if ((!target.starts_with("https://") && !target.starts_with("http://")) ||
        target.find_first_of("# \t\r\n") != target.npos)
        return fail(Errc::invalid_argument,
                    "The identity provider's sign-in URL is not a URL of http or https");
    if (relay_state.size() > kRelayStateBytesMax)
        return fail(Errc::invalid_argument, "The relay state is longer than 80 bytes");
    // An ID must not begin with a digit.
    auto id = "_" + crypto::random_hex(20);
    MW_TRY(auto xml, request_xml(service, provider, id, now));
    auto query = "SAMLRequest=" + percent_encoded(crypto::base64_encode(deflated(xml)));
    if (!relay_state.empty()) query += "&RelayState=" + percent_encoded(relay_state);
    if (provider.sign_requests) {
        // What is signed is the query as it is sent, up to here.
        query += "&SigAlg=" + percent_encoded(kRsaSha256);
        MW_TRY(auto signature, rsa_sha256(service.key_pem, query));
        query += "&Signature=" + percent_encoded(crypto::base64_encode(signature));
    }
    const char* joint = target.find('?') == target.npos ? "?" : "&";
    return AuthnRequest{std::move(id), target + joint + query};
}

}  // namespace mw::saml
