// A request and its answer (sections 6 and 7).
//
// Fields are resolved one after the other; what a resolver gives is made of the type that the
// schema says. Where that fails, the answer is null there, or as far up as null may be, and the
// error says where.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "graphql/language/parser.hpp"
#include "graphql/schema/schema.hpp"

namespace mw::graphql {

struct Request {
    std::string query;
    std::string operation_name = {};  // empty: the only one
    json::object variables = {};
};

struct ExecutionLimits {
    ParseLimits parsing = {};
    std::size_t values = 500'000;  // in the answer
};

// {"data": …, "errors": […]}; without data when nothing was executed.
boost::asio::awaitable<json::object> execute(const Schema& schema, Request request,
                                             Context& context, ExecutionLimits limits = {});

}  // namespace mw::graphql
