#include "infra/saml/decrypt.hpp"

#include <openssl/err.h>
#include <xmlsec/buffer.h>
#include <xmlsec/crypto.h>
#include <xmlsec/xmlenc.h>
#include <xmlsec/xmlsec.h>

#include "infra/saml/keys.hpp"
#include "infra/saml/xml.hpp"

namespace mw::saml::detail {
namespace {

// One for each receiver; more than a few are for nobody.
constexpr std::size_t kKeysMax = 8;

struct FreeContext {
    void operator()(xmlSecEncCtx* context) const { xmlSecEncCtxDestroy(context); }
};
using Context = std::unique_ptr<xmlSecEncCtx, FreeContext>;

// Empty when it fails.
std::string decrypt_by(xmlNode* encrypted, const XmlKey& key, xmlEncCtxMode mode,
                       const std::vector<xmlSecTransformId>& allowed) {
    Context context(xmlSecEncCtxCreate(nullptr));
    if (!context || !key) return {};
    context->mode = mode;
    // The content is in the message, never behind a URI.
    context->transformCtx.enabledUris = xmlSecTransformUriTypeNone;
    for (auto id : allowed)
        if (xmlSecPtrListAdd(&context->transformCtx.enabledTransforms,
                             const_cast<void*>(static_cast<const void*>(id))) < 0)
            return {};
    context->encKey = xmlSecKeyDuplicate(key.get());
    if (!context->encKey) return {};
    auto* buffer = xmlSecEncCtxDecryptToBuffer(context.get(), encrypted);
    ERR_clear_error();
    if (!buffer) return {};
    return std::string(reinterpret_cast<const char*>(xmlSecBufferGetData(buffer)),
                       xmlSecBufferGetSize(buffer));
}

}  // namespace

std::unexpected<Error> undecryptable() {
    return fail(Errc::unauthenticated,
                "The encrypted assertion cannot be opened with this service's key, or is not "
                "signed by the identity provider");
}

result<std::string> decrypt(xmlNode* encrypted_assertion, const Secret& key_pem) {
    MW_TRY(auto pkey, read_private_key(key_pem));
    auto key = to_xml_key(pkey.get());
    auto data = children(encrypted_assertion, kEncryption, "EncryptedData");
    // Beside the data or inside its KeyInfo.
    auto encrypted_keys = descendants(encrypted_assertion, kEncryption, "EncryptedKey");
    if (data.size() != 1 || encrypted_keys.size() > kKeysMax) return undecryptable();
    for (auto* encrypted_key : encrypted_keys) {
        auto bytes =
            decrypt_by(encrypted_key, key, xmlEncCtxModeEncryptedKey, {xmlSecTransformRsaOaepId});
        if (bytes.empty()) continue;
        XmlKey session(xmlSecKeyReadMemory(xmlSecKeyDataAesId,
                                           reinterpret_cast<const xmlSecByte*>(bytes.data()),
                                           static_cast<xmlSecSize>(bytes.size())));
        OPENSSL_cleanse(bytes.data(), bytes.size());
        auto plain = decrypt_by(
            data.front(), session, xmlEncCtxModeEncryptedData,
            {xmlSecTransformAes128GcmId, xmlSecTransformAes192GcmId, xmlSecTransformAes256GcmId,
             xmlSecTransformAes128CbcId, xmlSecTransformAes192CbcId, xmlSecTransformAes256CbcId});
        if (!plain.empty()) return plain;
    }
    return undecryptable();
}

}  // namespace mw::saml::detail
