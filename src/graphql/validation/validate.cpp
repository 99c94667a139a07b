#include "graphql/validation/validate.hpp"

#include "graphql/validation/rules.hpp"

namespace mw::graphql {

std::vector<RequestError> validate(const Schema& schema, const Document& document) {
    Findings findings;
    check_document(schema, document, findings);
    check_selections(schema, document, findings);
    return findings.take();
}

}  // namespace mw::graphql
