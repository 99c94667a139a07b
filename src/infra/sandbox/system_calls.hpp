// What a confined process may ask of the kernel. Private to infra/sandbox.
#pragma once

#include "base/error.hpp"

namespace mw::sandbox {

// All sets, the bounding one included, and no_new_privs, so that no program gives any back.
result<> drop_capabilities();

// A filter for this process and all that come of it: refuses what changes namespaces or mounts,
// looks into other processes, or has no business in a dbt project and a history of holes.
result<> filter_system_calls();

}  // namespace mw::sandbox
