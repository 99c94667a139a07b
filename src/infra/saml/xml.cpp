#include "infra/saml/xml.hpp"

#include <libxml/parser.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/xmlsec.h>

#include <new>
#include <set>
#include <stdexcept>

#include "base/trimmed.hpp"

namespace mw::saml::detail {
namespace {

// No entities, no DTD, no network; libxml2's own limits of depth and size hold.
constexpr int kParserOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;

constexpr std::size_t kElementsMax = 10'000;
constexpr std::size_t kDepthMax = 32;
constexpr std::size_t kNamespacesMax = 64;  // in scope of an element
constexpr std::size_t kAttributesMax = 64;  // of an element

// xmlsec prints to stderr otherwise, with what it has read.
void ignore_error(const char*, int, const char*, const char*, const char*, int, const char*) {
}

// The same for libxml2, whose canonicalization has no switch for it.
void ignore_xml_error(void*, xmlError*) {
}

bool start() {
    xmlInitParser();
    if (xmlSecInit() < 0 || xmlSecCheckVersion() != 1 || xmlSecCryptoInit() < 0) return false;
    // After xmlSecInit, which sets its own.
    xmlSecErrorsSetCallback(&ignore_error);
    // No URI in a message can then be opened, whatever else is overlooked.
    xmlSecIOCleanupCallbacks();
    return true;
}

std::unexpected<Error> refused(const char* why) {
    return fail(Errc::unauthenticated, "The identity provider's answer cannot be used", why);
}

std::string_view view(const xmlChar* text) {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

std::string value_of(const xmlNode* owner) {
    XmlText content(xmlNodeGetContent(owner));
    return std::string(view(content.get()));
}

template <class Visit>
void each_element(xmlNode* top, const Visit& visit) {
    if (top->type == XML_ELEMENT_NODE) visit(top);
    for (auto* node = top->children; node; node = node->next)
        if (node->type == XML_ELEMENT_NODE) each_element(node, visit);
}

// The parser is told UTF-8, so that no other encoding can hide anything.
result<> check_text(std::string_view text) {
    if (text.find("<!DOCTYPE") != text.npos || text.find("<!ENTITY") != text.npos)
        return refused("it has a DOCTYPE");
    if (text.find('\0') != text.npos) return refused("it is not UTF-8");
    return {};
}

// Signatures say by an ID what they cover: it must not be possible to mean two things by it.
result<> check_ids(xmlNode* root) {
    std::set<std::string> seen;
    bool clear = true;
    each_element(root, [&](const xmlNode* element) {
        for (auto* one = element->properties; one; one = one->next) {
            bool is_id = !one->ns && view(one->name) == "ID";
            // What the parser takes for an ID by itself; ours are registered by check_signature.
            if (one->atype == XML_ATTRIBUTE_ID && !is_id) clear = false;
            if (is_id && !seen.insert(value_of(reinterpret_cast<xmlNode*>(one))).second)
                clear = false;
        }
    });
    if (!clear) return refused("it has two elements with one ID, or an xml:id");
    return {};
}

// Canonicalization, which comes before any signature is known to be good, takes for each element
// the square of the namespaces in scope, and looks for them in all that is around it: many seconds
// for 256 KiB that are made for it. Messages have a depth of ten and a dozen namespaces.
class Measure {
  public:
    bool is_modest(const xmlNode* element, std::size_t depth = 1, std::size_t namespaces = 0) {
        std::size_t attributes = 0;
        for (auto* one = element->nsDef; one; one = one->next)
            ++namespaces;
        for (auto* one = element->properties; one; one = one->next)
            ++attributes;
        if (++elements_ > kElementsMax || depth > kDepthMax || namespaces > kNamespacesMax ||
            attributes > kAttributesMax)
            return false;
        for (auto* node = element->children; node; node = node->next)
            if (node->type == XML_ELEMENT_NODE && !is_modest(node, depth + 1, namespaces))
                return false;
        return true;
    }

  private:
    std::size_t elements_ = 0;
};

result<> check_tree(xmlNode* root) {
    if (!Measure().is_modest(root))
        return refused("it has too many elements, namespaces or attributes, or is too deep");
    return check_ids(root);
}

}  // namespace

void ensure_xmlsec() {
    static const bool ready = start();
    if (!ready) throw std::runtime_error("xmlsec cannot be initialised");
    // libxml2 keeps it for each thread by itself.
    xmlSetStructuredErrorFunc(nullptr, &ignore_xml_error);
}

result<Document> read_xml(std::string_view text) {
    ensure_xmlsec();
    MW_CHECK(check_text(text));
    Document document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8",
                                    kParserOptions));
    auto* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
    if (!root) return refused("it is not XML");
    if (document->intSubset || document->extSubset) return refused("it has a DOCTYPE");
    MW_CHECK(check_tree(root));
    return document;
}

result<xmlNode*> replace_element(xmlNode* old, std::string_view text) {
    MW_CHECK(check_text(text));
    xmlNode* list = nullptr;
    auto outcome = xmlParseInNodeContext(old, text.data(), static_cast<int>(text.size()),
                                         kParserOptions, &list);
    if (outcome != XML_ERR_OK || !list || list->next || list->type != XML_ELEMENT_NODE) {
        xmlFreeNodeList(list);
        return refused("it is not XML of one element");
    }
    xmlReplaceNode(old, list);
    xmlFreeNode(old);
    MW_CHECK(check_tree(xmlDocGetRootElement(list->doc)));
    return list;
}

bool is(const xmlNode* element, const char* ns, const char* name) {
    return element->type == XML_ELEMENT_NODE && element->ns && view(element->ns->href) == ns &&
           view(element->name) == name;
}

std::vector<xmlNode*> children(const xmlNode* parent, const char* ns, const char* name) {
    std::vector<xmlNode*> found;
    for (auto* node = parent->children; node; node = node->next)
        if (is(node, ns, name)) found.push_back(node);
    return found;
}

xmlNode* child(const xmlNode* parent, const char* ns, const char* name) {
    for (auto* node = parent->children; node; node = node->next)
        if (is(node, ns, name)) return node;
    return nullptr;
}

std::vector<xmlNode*> descendants(xmlNode* top, const char* ns, const char* name) {
    std::vector<xmlNode*> found;
    each_element(top, [&](xmlNode* element) {
        if (is(element, ns, name)) found.push_back(element);
    });
    return found;
}

std::optional<std::string> attribute(const xmlNode* element, const char* name) {
    for (auto* one = element->properties; one; one = one->next)
        if (!one->ns && view(one->name) == name)
            return value_of(reinterpret_cast<const xmlNode*>(one));
    return std::nullopt;
}

std::string text(const xmlNode* element) {
    return std::string(trimmed(value_of(element)));
}

xmlNode* add_root(xmlDoc* document, const char* ns, const char* prefix, const char* name) {
    auto* root = xmlNewDocNode(document, nullptr, as_xml(name), nullptr);
    if (!document || !root) throw std::bad_alloc();
    xmlDocSetRootElement(document, root);
    xmlSetNs(root, xmlNewNs(root, as_xml(ns), as_xml(prefix)));
    return root;
}

xmlNode* add_element(xmlNode* parent, xmlNs* ns, const char* name, const std::string& content) {
    auto* made = xmlNewTextChild(parent, ns, as_xml(name),
                                 content.empty() ? nullptr : as_xml(content.c_str()));
    if (!made) throw std::bad_alloc();
    return made;
}

void set_attribute(xmlNode* element, const char* name, const std::string& value) {
    xmlNewProp(element, as_xml(name), as_xml(value.c_str()));
}

}  // namespace mw::saml::detail
