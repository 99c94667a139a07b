// What the OpenAPI document says of a job.
#pragma once

#include <boost/json/object.hpp>

namespace mw::jobs {

// Of the object that is answered.
boost::json::object job_schema();
// Of the body that makes or changes one.
boost::json::object job_body_schema(bool is_new);

}  // namespace mw::jobs
