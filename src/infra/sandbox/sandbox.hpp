// Confines the calling process, in two halves with a fork between them:
//
//   leave_host(plan)         own user, mount, pid, ipc, uts and cgroup namespaces, cgroups
//   fork                     the child is the first process of the new pid namespace
//   enter(plan)  in the child: the new root, no capabilities, limits, system call filter
//
// When that first process ends, the kernel ends everything in its namespace. The network stays
// this machine's: to hold that back is a cluster's business (docs/adr/0010-one-sandbox.md).
//
// Needs no root, but a kernel that lets an ordinary user make user namespaces.
// Errors: `forbidden` when the kernel refuses, with what to change; `not_found` names a bind that
// does not exist; `unavailable` else. After an error the process is of no use any more.
// Thread: the process must have only one.
#pragma once

#include "base/error.hpp"
#include "infra/sandbox/plan.hpp"

namespace mw::sandbox {

result<> leave_host(const Plan& plan);

result<> enter(const Plan& plan);

// Whether `leave_host` would be allowed here; tried in a child. Its error is for an operator.
result<> check_host();

}  // namespace mw::sandbox
