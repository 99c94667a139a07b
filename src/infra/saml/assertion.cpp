#include "infra/saml/assertion.hpp"

#include <chrono>

#include "infra/saml/xml.hpp"

namespace mw::saml::detail {
namespace {

constexpr std::chrono::seconds kLeeway{60};
constexpr const char* kBearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
constexpr const char* kEntityName = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

std::unexpected<Error> refused(const char* why) {
    return fail(Errc::unauthenticated, why);
}

// Empty when the attribute is not there.
result<std::optional<Timestamp>> time_of(const xmlNode* element, const char* name) {
    auto value = attribute(element, name);
    if (!value) return std::nullopt;
    auto at = parse_time(*value);
    if (!at) return refused("A time in the identity provider's answer cannot be read");
    return at;
}

result<> check_times(const xmlNode* element, Timestamp now) {
    MW_TRY(auto not_before, time_of(element, "NotBefore"));
    MW_TRY(auto not_after, time_of(element, "NotOnOrAfter"));
    if (not_before && now + kLeeway < *not_before)
        return refused(
            "The identity provider's answer is not valid yet: is one of the two clocks "
            "wrong?");
    if (not_after && now >= *not_after + kLeeway)
        return refused("The identity provider's answer has expired");
    return {};
}

bool names_audience(const xmlNode* restriction, const std::string& entity_id) {
    return std::ranges::any_of(children(restriction, kAssertion, "Audience"),
                               [&](const xmlNode* one) { return text(one) == entity_id; });
}

result<> check_conditions(const xmlNode* assertion, const Wanted& wanted) {
    auto all = children(assertion, kAssertion, "Conditions");
    if (all.size() != 1)
        return refused("The identity provider's answer does not say for whom it is");
    const auto* conditions = all.front();
    MW_CHECK(check_times(conditions, wanted.now));
    // An extension, which SAML (core, 2.5.1) wants refused by whoever doesn't understand it.
    if (child(conditions, kAssertion, "Condition"))
        return refused("The identity provider's answer has a condition that is not known here");
    auto restrictions = children(conditions, kAssertion, "AudienceRestriction");
    if (restrictions.empty())
        return refused("The identity provider's answer does not say for whom it is");
    for (const auto* restriction : restrictions)
        if (!names_audience(restriction, wanted.service.entity_id))
            return refused(
                "The identity provider's answer is for another audience: is this "
                "service's entity id the same there?");
    return {};
}

result<> check_confirmation(const xmlNode* confirmation, const Wanted& wanted) {
    const auto* data = child(confirmation, kAssertion, "SubjectConfirmationData");
    if (!data || !attribute(data, "NotOnOrAfter"))
        return refused("The identity provider's answer does not say until when it may be used");
    if (attribute(data, "Recipient") != wanted.service.acs_url)
        return refused(
            "The identity provider's answer is for another recipient: is this "
            "service's ACS URL the same there?");
    if (attribute(data, "InResponseTo") != wanted.request_id)
        return refused("The identity provider's answer is not to this sign-in");
    return check_times(data, wanted.now);
}

// One good confirmation is enough; if there is none, the last one's error tells.
result<> check_subject(const xmlNode* subject, const Wanted& wanted) {
    result<> outcome = refused("The identity provider's answer is not for a browser (bearer)");
    for (const auto* confirmation : children(subject, kAssertion, "SubjectConfirmation")) {
        if (attribute(confirmation, "Method") != kBearer) continue;
        outcome = check_confirmation(confirmation, wanted);
        if (outcome) break;
    }
    return outcome;
}

result<std::string> read_name(const xmlNode* subject) {
    auto names = children(subject, kAssertion, "NameID");
    if (names.size() == 1)
        if (auto name = text(names.front()); !name.empty()) return name;
    if (child(subject, kAssertion, "EncryptedID"))
        return refused(
            "The identity provider encrypts the user's name by itself: encrypt the "
            "whole assertion, or nothing");
    return refused("The identity provider's answer does not name the user (NameID)");
}

result<std::optional<Timestamp>> read_session(const xmlNode* assertion, Timestamp now) {
    auto statements = children(assertion, kAssertion, "AuthnStatement");
    if (statements.empty()) return refused("The identity provider's answer is of no sign-in");
    std::optional<Timestamp> soonest;
    for (const auto* statement : statements) {
        MW_TRY(auto ends, time_of(statement, "SessionNotOnOrAfter"));
        if (ends && (!soonest || *ends < *soonest)) soonest = ends;
    }
    if (soonest && now >= *soonest + kLeeway)
        return refused("The session at the identity provider has ended");
    return soonest;
}

void read_attributes(const xmlNode* assertion, Subject& subject) {
    for (const auto* statement : children(assertion, kAssertion, "AttributeStatement"))
        for (const auto* one : children(statement, kAssertion, "Attribute")) {
            auto name = attribute(one, "Name");
            if (!name) continue;
            auto& values = subject.attributes[*name];
            for (const auto* value : children(one, kAssertion, "AttributeValue"))
                values.push_back(text(value));
        }
}

}  // namespace

bool is_from(const xmlNode* issuer, const IdentityProvider& provider) {
    return attribute(issuer, "Format").value_or(kEntityName) == kEntityName &&
           text(issuer) == provider.entity_id;
}

result<Subject> read_assertion(const xmlNode* assertion, const Wanted& wanted) {
    auto issuers = children(assertion, kAssertion, "Issuer");
    if (issuers.size() != 1 || !is_from(issuers.front(), wanted.provider))
        return refused("The answer is from another identity provider");
    auto id = attribute(assertion, "ID");
    if (attribute(assertion, "Version") != "2.0" || !id || id->empty())
        return refused("The identity provider's answer is not SAML 2.0");
    auto subjects = children(assertion, kAssertion, "Subject");
    if (subjects.size() != 1)
        return refused("The identity provider's answer does not name the user (NameID)");
    MW_CHECK(check_conditions(assertion, wanted));
    MW_CHECK(check_subject(subjects.front(), wanted));
    Subject subject;
    MW_TRY(subject.name_id, read_name(subjects.front()));
    MW_TRY(subject.session_not_after, read_session(assertion, wanted.now));
    subject.assertion_id = *id;
    read_attributes(assertion, subject);
    return subject;
}

}  // namespace mw::saml::detail
