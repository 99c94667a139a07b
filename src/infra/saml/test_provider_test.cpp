#include "infra/saml/test_provider.hpp"

#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <xmlsec/crypto.h>
#include <xmlsec/keysmngr.h>
#include <xmlsec/templates.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlenc.h>

#include "infra/crypto/base64.hpp"
#include "infra/saml/xml.hpp"

namespace mw::saml::testing_ {
namespace {

using detail::as_xml;

std::string text_of(BIO* bio) {
    char* data = nullptr;
    auto size = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

detail::Bio memory() {
    return detail::Bio(BIO_new(BIO_s_mem()));
}

detail::Document parse(const std::string& xml) {
    detail::ensure_xmlsec();
    return detail::Document(
        xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, "UTF-8", XML_PARSE_NONET));
}

std::string dump(xmlDoc* document, xmlNode* node) {
    std::unique_ptr<xmlBuffer, detail::FreeXml> buffer(xmlBufferCreate());
    xmlNodeDump(buffer.get(), document, node, 0, 0);
    return reinterpret_cast<const char*>(xmlBufferContent(buffer.get()));
}

xmlNode* find(xmlNode* top, const std::string& id) {
    if (detail::attribute(top, "ID") == id) return top;
    for (auto* node = top->children; node; node = node->next)
        if (node->type == XML_ELEMENT_NODE)
            if (auto* found = find(node, id)) return found;
    return nullptr;
}

}  // namespace

Pair::Pair(const char* kind, unsigned int bits, int days)
    : key_(std::string_view(kind) == "RSA" ? EVP_RSA_gen(bits) : EVP_EC_gen(kind)),
      certificate_(X509_new()) {
    auto* cert = certificate_.get();
    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_time_adj_ex(X509_getm_notAfter(cert), days, 0, nullptr);
    auto* name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(cert, name);
    X509_set_pubkey(cert, key_.get());
    X509_sign(cert, key_.get(), EVP_sha256());
}

std::string Pair::certificate_pem() const {
    auto bio = memory();
    PEM_write_bio_X509(bio.get(), certificate_.get());
    return text_of(bio.get());
}

Secret Pair::key_pem(const EVP_CIPHER* cipher) const {
    auto bio = memory();
    PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), cipher,
                                  cipher ? const_cast<char*>("secret") : nullptr, cipher ? 6 : 0,
                                  nullptr, nullptr);
    return Secret(text_of(bio.get()));
}

std::string Pair::public_key_pem() const {
    auto bio = memory();
    PEM_write_bio_PUBKEY(bio.get(), key_.get());
    return text_of(bio.get());
}

Algorithms sha256() {
    return {xmlSecTransformRsaSha256Id, xmlSecTransformSha256Id, xmlSecTransformExclC14NId};
}
Algorithms sha1() {
    return {xmlSecTransformRsaSha1Id, xmlSecTransformSha1Id, xmlSecTransformExclC14NId};
}
Algorithms ecdsa() {
    return {xmlSecTransformEcdsaSha256Id, xmlSecTransformSha256Id, xmlSecTransformExclC14NId};
}

std::string sign(const std::string& xml, const std::string& id, const Pair& signer,
                 const Algorithms& algorithms) {
    auto document = parse(xml);
    auto* root = xmlDocGetRootElement(document.get());
    auto* element = find(root, id);
    xmlAddID(nullptr, document.get(), as_xml(id.c_str()), xmlHasProp(element, as_xml("ID")));
    auto* signature = xmlSecTmplSignatureCreateNsPref(document.get(), algorithms.canonical,
                                                      algorithms.signature, nullptr, as_xml("ds"));
    xmlAddNextSibling(detail::child(element, detail::kAssertion, "Issuer"), signature);
    auto* reference = xmlSecTmplSignatureAddReference(signature, algorithms.digest, nullptr,
                                                      as_xml(("#" + id).c_str()), nullptr);
    xmlSecTmplReferenceAddTransform(reference, xmlSecTransformEnvelopedId);
    xmlSecTmplReferenceAddTransform(reference, algorithms.canonical);
    auto* info = xmlSecTmplSignatureEnsureKeyInfo(signature, nullptr);
    auto* data = xmlNewTextChild(info, info->ns, as_xml("X509Data"), nullptr);
    xmlNewTextChild(data, info->ns, as_xml("X509Certificate"),
                    as_xml(signer.certificate_base64().c_str()));
    auto* context = xmlSecDSigCtxCreate(nullptr);
    context->signKey = detail::to_xml_key(signer.key()).release();
    EXPECT_EQ(xmlSecDSigCtxSign(context, signature), 0);
    xmlSecDSigCtxDestroy(context);
    return dump(document.get(), root);
}

std::string encrypt(const std::string& xml, const Pair& receiver, bool beside,
                    xmlSecTransformId cipher, xmlSecTransformId key_transport) {
    auto document = parse(xml);
    auto* root = xmlDocGetRootElement(document.get());
    auto* assertion = detail::child(root, detail::kAssertion, "Assertion");
    auto plain = dump(document.get(), assertion);
    auto* wrapper =
        xmlNewDocNode(document.get(), assertion->ns, as_xml("EncryptedAssertion"), nullptr);
    xmlAddNextSibling(assertion, wrapper);
    auto* data = xmlSecTmplEncDataCreate(document.get(), cipher, nullptr,
                                         as_xml("http://www.w3.org/2001/04/xmlenc#Element"),
                                         nullptr, nullptr);
    xmlAddChild(wrapper, data);
    xmlSecTmplEncDataEnsureCipherValue(data);
    auto* info = xmlSecTmplEncDataEnsureKeyInfo(data, nullptr);
    auto* key = xmlSecTmplKeyInfoAddEncryptedKey(info, key_transport, nullptr, nullptr, nullptr);
    xmlSecTmplEncDataEnsureCipherValue(key);
    auto* manager = xmlSecKeysMngrCreate();
    xmlSecCryptoAppDefaultKeysMngrInit(manager);
    xmlSecCryptoAppDefaultKeysMngrAdoptKey(manager, detail::to_xml_key(receiver.key()).release());
    auto* context = xmlSecEncCtxCreate(manager);
    context->encKey = xmlSecKeyGenerate(xmlSecKeyDataAesId, 256, xmlSecKeyDataTypeSession);
    EXPECT_EQ(
        xmlSecEncCtxBinaryEncrypt(context, data, reinterpret_cast<const xmlSecByte*>(plain.data()),
                                  static_cast<xmlSecSize>(plain.size())),
        0);
    xmlSecEncCtxDestroy(context);
    xmlSecKeysMngrDestroy(manager);
    if (beside) {
        xmlUnlinkNode(key);
        xmlAddChild(wrapper, key);
        xmlUnlinkNode(info);
        xmlFreeNode(info);
        xmlReconciliateNs(document.get(), key);
    }
    xmlUnlinkNode(assertion);
    wrapper->ns = xmlNewNs(wrapper, as_xml(detail::kAssertion), as_xml("saml"));
    xmlFreeNode(assertion);
    return dump(document.get(), root);
}

std::string base64(std::string_view bytes) {
    return crypto::base64_encode(bytes);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    auto at = text.find(what);
    EXPECT_NE(at, text.npos) << what;
    if (at != text.npos) text.replace(at, what.size(), by);
    return text;
}

}  // namespace mw::saml::testing_
