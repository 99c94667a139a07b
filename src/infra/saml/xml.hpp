// XML through libxml2: strict reading, and what is looked up in it. Private to this folder.
//
// Element and attribute text is what XML says it is: comments and processing instructions inside it
// do not end it (readers that stopped there took "a@x.com" out of "a@x.com<!---->.evil.com").
#pragma once

#include <libxml/tree.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::saml::detail {

inline constexpr const char* kProtocol = "urn:oasis:names:tc:SAML:2.0:protocol";
inline constexpr const char* kAssertion = "urn:oasis:names:tc:SAML:2.0:assertion";
inline constexpr const char* kMetadata = "urn:oasis:names:tc:SAML:2.0:metadata";
inline constexpr const char* kSignature = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr const char* kEncryption = "http://www.w3.org/2001/04/xmlenc#";
inline constexpr const char* kPostBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
inline constexpr const char* kUnspecifiedName =
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
inline constexpr const char* kEmailName = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

struct FreeXml {
    void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
    void operator()(xmlBuffer* buffer) const { xmlBufferFree(buffer); }
    void operator()(xmlChar* text) const { xmlFree(text); }
};
using Document = std::unique_ptr<xmlDoc, FreeXml>;
using XmlText = std::unique_ptr<xmlChar, FreeXml>;

// libxml2 and xmlsec, once for the process; from any thread. Never undone: threads may still use
// them at exit. Throws when they cannot be had.
void ensure_xmlsec();

inline const xmlChar* as_xml(const char* text) {
    return reinterpret_cast<const xmlChar*>(text);
}

// Reads UTF-8. Refused outright, before anything is looked up in it: a DOCTYPE, and so every entity
// but XML's own five; an xml:id; two elements with the same ID; a shape that no message has
// (thousands of elements, dozens of levels, namespaces or attributes).
//
// Errors: `unauthenticated`.
result<Document> read_xml(std::string_view text);

// Puts the one element that `text` is where `old` stands, read by the same rules and with the
// namespaces that hold there. `old` is gone.
result<xmlNode*> replace_element(xmlNode* old, std::string_view text);

bool is(const xmlNode* element, const char* ns, const char* name);
std::vector<xmlNode*> children(const xmlNode* parent, const char* ns, const char* name);
// The first of them; null when there is none.
xmlNode* child(const xmlNode* parent, const char* ns, const char* name);
// All below `top`, and `top` itself.
std::vector<xmlNode*> descendants(xmlNode* top, const char* ns, const char* name);

// Attributes have no namespace in SAML. Empty when it is not there.
std::optional<std::string> attribute(const xmlNode* element, const char* name);
// Trimmed.
std::string text(const xmlNode* element);

// For writing. Values are escaped. They throw when there is no memory.
xmlNode* add_root(xmlDoc* document, const char* ns, const char* prefix, const char* name);
xmlNode* add_element(xmlNode* parent, xmlNs* ns, const char* name, const std::string& content = {});
void set_attribute(xmlNode* element, const char* name, const std::string& value);

}  // namespace mw::saml::detail
