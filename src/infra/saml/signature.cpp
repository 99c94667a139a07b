#include "infra/saml/signature.hpp"

#include <libxml/valid.h>
#include <openssl/err.h>
#include <xmlsec/crypto.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

#include "infra/saml/xml.hpp"

namespace mw::saml::detail {
namespace {

struct FreeContext {
    void operator()(xmlSecDSigCtx* context) const { xmlSecDSigCtxDestroy(context); }
};
using Context = std::unique_ptr<xmlSecDSigCtx, FreeContext>;

std::unexpected<Error> refused(const char* why) {
    return fail(Errc::unauthenticated, "The signature of the identity provider's answer is wrong",
                why);
}

// All else is refused, among it transforms (XPath, XSLT) which could make a signature cover less
// than it seems.
bool restrict(xmlSecDSigCtx* context) {
    const xmlSecTransformId for_signatures[] = {
        xmlSecTransformInclC14NId,    xmlSecTransformInclC14NWithCommentsId,
        xmlSecTransformExclC14NId,    xmlSecTransformExclC14NWithCommentsId,
        xmlSecTransformRsaSha256Id,   xmlSecTransformRsaSha384Id,
        xmlSecTransformRsaSha512Id,   xmlSecTransformEcdsaSha256Id,
        xmlSecTransformEcdsaSha384Id, xmlSecTransformEcdsaSha512Id,
    };
    const xmlSecTransformId for_references[] = {
        xmlSecTransformEnvelopedId, xmlSecTransformInclC14NId,
        xmlSecTransformExclC14NId,  xmlSecTransformExclC14NWithCommentsId,
        xmlSecTransformSha256Id,    xmlSecTransformSha384Id,
        xmlSecTransformSha512Id,
    };
    for (auto id : for_signatures)
        if (xmlSecDSigCtxEnableSignatureTransform(context, id) < 0) return false;
    for (auto id : for_references)
        if (xmlSecDSigCtxEnableReferenceTransform(context, id) < 0) return false;
    context->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
    return true;
}

bool uses_sha1(xmlNode* signature) {
    auto is_sha1 = [](const xmlNode* method) {
        auto name = attribute(method, "Algorithm").value_or("");
        return name.ends_with("#sha1") || name.ends_with("-sha1");
    };
    return std::ranges::any_of(descendants(signature, kSignature, "SignatureMethod"), is_sha1) ||
           std::ranges::any_of(descendants(signature, kSignature, "DigestMethod"), is_sha1);
}

// Before any cryptography: what the signature claims to cover is this element, and only it.
result<> check_cover(xmlNode* signature, const std::string& id) {
    auto infos = children(signature, kSignature, "SignedInfo");
    if (infos.size() != 1) return refused("not one SignedInfo");
    auto references = descendants(signature, kSignature, "Reference");
    if (references.size() != 1 || references.front()->parent != infos.front())
        return refused("not one Reference");
    if (attribute(references.front(), "URI") != "#" + id)
        return refused("the Reference is to another element");
    if (uses_sha1(signature))
        return fail(Errc::unauthenticated,
                    "The identity provider's answer is signed with SHA-1, which is not accepted: "
                    "choose SHA-256 there");
    return {};
}

bool is_by(xmlNode* signature, const XmlKey& key) {
    Context context(xmlSecDSigCtxCreate(nullptr));
    if (!context || !restrict(context.get())) return false;
    // With a key given, xmlsec does not look for one in KeyInfo.
    context->signKey = xmlSecKeyDuplicate(key.get());
    if (!context->signKey) return false;
    bool good = xmlSecDSigCtxVerify(context.get(), signature) >= 0 &&
                context->status == xmlSecDSigStatusSucceeded &&
                xmlSecPtrListGetSize(&context->signedInfoReferences) == 1;
    // A failure leaves OpenSSL's errors on this thread's queue, where others would find them.
    ERR_clear_error();
    return good;
}

}  // namespace

result<bool> check_signature(xmlNode* element, const std::vector<XmlKey>& keys) {
    auto signatures = children(element, kSignature, "Signature");
    if (signatures.empty()) return false;
    if (signatures.size() > 1) return refused("more than one");
    auto* signature = signatures.front();
    auto id = attribute(element, "ID");
    if (!id || id->empty()) return refused("the signed element has no ID");
    MW_CHECK(check_cover(signature, *id));
    auto* owner = xmlHasProp(element, as_xml("ID"));
    if (!xmlAddID(nullptr, element->doc, as_xml(id->c_str()), owner))
        return refused("the ID is in use");
    for (const auto& key : keys)
        if (is_by(signature, key)) return true;
    return refused("not by one of the certificates, or changed afterwards");
}

}  // namespace mw::saml::detail
