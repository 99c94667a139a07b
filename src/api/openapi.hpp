// Our own description of the API, made of the registered routes: OpenAPI 3.1.
#pragma once

#include <boost/json/object.hpp>

#include "api/api.hpp"

namespace mw::api {

boost::json::object openapi_document(const std::deque<Route>& routes);

// GET /api/openapi.json, for whoever asks: it says nothing about anybody's account. Add it last,
// when all routes are there.
void add_openapi_endpoint(Api& api);

}  // namespace mw::api
