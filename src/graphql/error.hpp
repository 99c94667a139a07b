// What is wrong with a request, as the answer's `errors` tell it (section 7.1.2).
#pragma once

#include <boost/json/array.hpp>
#include <expected>
#include <string>
#include <vector>

namespace mw::graphql {

// Counted from 1, in characters.
struct Location {
    int line = 1;
    int column = 1;
    friend bool operator==(const Location&, const Location&) = default;
};

struct RequestError {
    std::string message;
    std::vector<Location> locations = {};
    boost::json::array path = {};  // names and indexes in the answer; empty: of the request itself
};

template <class T>
using Parsed = std::expected<T, RequestError>;

}  // namespace mw::graphql
