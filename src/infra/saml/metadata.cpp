#include "infra/saml/keys.hpp"
#include "infra/saml/provider.hpp"
#include "infra/saml/xml.hpp"

namespace mw::saml {
namespace {

using namespace detail;

void add_key(xmlNode* role, xmlNs* metadata_ns, const std::string& certificate, const char* use) {
    auto* descriptor = add_element(role, metadata_ns, "KeyDescriptor");
    set_attribute(descriptor, "use", use);
    auto* info = add_element(descriptor, nullptr, "KeyInfo");
    auto* signature_ns = xmlNewNs(info, as_xml(kSignature), as_xml("ds"));
    xmlSetNs(info, signature_ns);
    auto* data = add_element(info, signature_ns, "X509Data");
    add_element(data, signature_ns, "X509Certificate", certificate);
}

// What decrypt() opens; a provider would otherwise choose by itself.
void add_encryption_methods(xmlNode* role, xmlNs* metadata_ns) {
    auto* descriptor = xmlGetLastChild(role);
    for (const char* algorithm : {"http://www.w3.org/2009/xmlenc11#aes256-gcm",
                                  "http://www.w3.org/2009/xmlenc11#aes128-gcm",
                                  "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
                                  "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
                                  "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"})
        set_attribute(add_element(descriptor, metadata_ns, "EncryptionMethod"), "Algorithm",
                      algorithm);
}

}  // namespace

result<std::string> metadata(const ServiceProvider& service) {
    MW_TRY(auto certificates, read_certificates(service.certificate_pem));
    auto certificate = to_base64(certificates.front().get());
    Document document(xmlNewDoc(as_xml("1.0")));
    auto* root = add_root(document.get(), kMetadata, "md", "EntityDescriptor");
    auto* ns = root->ns;
    set_attribute(root, "entityID", service.entity_id);
    auto* role = add_element(root, ns, "SPSSODescriptor");
    set_attribute(role, "WantAssertionsSigned", "true");
    set_attribute(role, "protocolSupportEnumeration", kProtocol);
    add_key(role, ns, certificate, "signing");
    add_key(role, ns, certificate, "encryption");
    add_encryption_methods(role, ns);
    for (const char* format : {kEmailName, kUnspecifiedName})
        add_element(role, ns, "NameIDFormat", format);
    auto* acs = add_element(role, ns, "AssertionConsumerService");
    set_attribute(acs, "Binding", kPostBinding);
    set_attribute(acs, "Location", service.acs_url);
    set_attribute(acs, "index", "0");
    set_attribute(acs, "isDefault", "true");
    xmlChar* dumped = nullptr;
    int size = 0;
    xmlDocDumpMemoryEnc(document.get(), &dumped, &size, "UTF-8");
    XmlText owner(dumped);
    if (!dumped) return fail(Errc::internal, "The metadata cannot be made", "libxml2");
    return std::string(reinterpret_cast<const char*>(dumped), static_cast<std::size_t>(size));
}

}  // namespace mw::saml
