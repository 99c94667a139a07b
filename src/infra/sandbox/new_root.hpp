// The file system that a confined process sees: a root of its own, put together from binds.
// Private to infra/sandbox.
#pragma once

#include "base/error.hpp"
#include "infra/sandbox/plan.hpp"

namespace mw::sandbox {

// In the first process of the new namespaces. Afterwards nothing of the old root can be reached,
// but by descriptors that the caller kept open.
result<> build_root(const Plan& plan);

}  // namespace mw::sandbox
