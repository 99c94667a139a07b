// What the rules share. Private to this folder.
#pragma once

#include <set>

#include "graphql/schema/schema.hpp"

namespace mw::graphql {

inline constexpr std::size_t kMostErrors = 100;

class Findings {
  public:
    void add(std::string message, std::vector<Location> locations) {
        if (errors_.size() < kMostErrors)
            errors_.push_back({std::move(message), std::move(locations), {}});
    }
    std::vector<RequestError> take() { return std::move(errors_); }

  private:
    std::vector<RequestError> errors_;
};

// Names, each once and each known.
void check_document(const Schema& schema, const Document& document, Findings& findings);
// Fields, arguments and values, by their types.
void check_selections(const Schema& schema, const Document& document, Findings& findings);

}  // namespace mw::graphql
