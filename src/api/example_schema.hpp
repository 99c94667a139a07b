// JSON Schema by an example, where an object is made by hand and not of a described struct. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace mw::api {

// The types of what the example has, member by member; what is null or empty there may be
// anything. So an example is best the object of a row with nothing in it.
boost::json::object schema_like(const boost::json::value& example);

}  // namespace mw::api
