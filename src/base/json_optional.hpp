// What may be missing, as JSON: null. Pure.
#pragma once

#include <boost/json/value.hpp>
#include <optional>

#include "base/time.hpp"

namespace mw {

template <class T>
boost::json::value or_null(const std::optional<T>& given) {
    return given ? boost::json::value(*given) : boost::json::value(nullptr);
}

// A time that ends in Z.
inline boost::json::value time_or_null(const std::optional<Timestamp>& at) {
    return at ? boost::json::value(format_rfc3339(*at)) : boost::json::value(nullptr);
}

}  // namespace mw
