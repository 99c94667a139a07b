// The defences of the sandbox by name, each asked for where it is put up.
//
// All are up, always: it is a constant. Only a library that tests alone build, with
// MILLWRIGHT_SANDBOX_WITH_HOLES, leaves out those that a file `left_out` beside it names, so that
// the tests of each defence are seen to fail without it (tests/engine_host/test_defences.py).
#pragma once

namespace mw::sandbox {

enum class Defence {
    user_namespace,  // without it there can be none of the others
    new_root,
    pid_namespace,
    ipc_namespace,
    uts_namespace,
    cgroup_namespace,
    read_only,
    privileges,
    system_calls,
    limits,
};

#ifdef MILLWRIGHT_SANDBOX_WITH_HOLES
bool is_up(Defence defence);
#else
constexpr bool is_up(Defence /*defence*/) {
    return true;
}
#endif

}  // namespace mw::sandbox
