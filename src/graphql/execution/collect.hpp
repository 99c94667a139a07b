// Which fields a selection asks for on an object of some type (section 6.3.2). Private to this
// folder.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graphql/schema/schema.hpp"

namespace mw::graphql {

// Fields under one name in the answer, in the order in which they stand.
struct Group {
    std::string key;
    std::vector<const Field*> fields;
};

class Collector {
  public:
    Collector(const Schema& schema, const Document& document, const json::object& variables)
        : schema_(schema), document_(document), variables_(variables) {}

    // Of all these fields' selections together.
    std::vector<Group> collect(const NamedType& object,
                               const std::vector<const std::vector<Selection>*>& selections) const;

  private:
    struct State;
    void into(State& state, const std::vector<Selection>& selections) const;
    bool wanted(const std::vector<Directive>& directives) const;
    bool applies(const NamedType& object, const std::string& condition) const;

    const Schema& schema_;
    const Document& document_;
    const json::object& variables_;
};

}  // namespace mw::graphql
