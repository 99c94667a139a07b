// One output of profiles.yml as dbt's adapter wants it, from the API's objects and the adapter's
// table. Pure.
//
// Errors: `invalid_argument` that names the missing or mistyped field, never a value.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/error.hpp"
#include "dbt/adapters/adapter.hpp"

namespace mw::dbt {

struct OutputParts {
    const boost::json::object& connection;
    const boost::json::object& credentials;
    std::string_view schema;
    int threads;
    // The last word, objects key by key, verbatim: in it even a secret may be Jinja.
    const boost::json::object& extended_attributes;
};

result<boost::json::object> make_output(const Adapter& adapter, const OutputParts& parts);

}  // namespace mw::dbt
