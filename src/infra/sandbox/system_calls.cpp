#include "infra/sandbox/system_calls.hpp"

#include <fmt/format.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace mw::sandbox {
namespace {

constexpr std::array kRefused{
    // Namespaces, mounts, roots.
    "mount", "umount", "umount2", "mount_setattr", "move_mount", "open_tree", "fsopen", "fsconfig",
    "fsmount", "fspick", "pivot_root", "chroot", "unshare", "setns", "open_by_handle_at",
    "name_to_handle_at",
    // Other processes.
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd",
    // Keys, kernel, hardware.
    "add_key", "request_key", "keyctl", "bpf", "perf_event_open", "userfaultfd", "init_module",
    "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff",
    "syslog", "acct", "quotactl", "quotactl_fd", "settimeofday", "clock_settime", "clock_adjtime",
    "adjtimex", "iopl", "ioperm", "modify_ldt", "lookup_dcookie", "nfsservctl", "vhangup",
    "fanotify_init", "io_uring_setup", "io_uring_enter", "io_uring_register", "personality",
    "move_pages", "migrate_pages", "mbind", "set_mempolicy"};

constexpr std::array kNewNamespaces{CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                    CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET};
constexpr std::array kFamilies{AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

struct Free {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Free>;

result<> failed(std::string_view what, int error) {
    return fail(Errc::unavailable, fmt::format("{}: {}", what, std::strerror(error)));
}

// The rules that look at an argument; 0 or a negative errno.
int add_argument_rules(scmp_filter_ctx filter) {
    for (auto flag : kNewNamespaces) {
        auto mask = static_cast<scmp_datum_t>(static_cast<unsigned>(flag));
        if (int e = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                                     SCMP_A0(SCMP_CMP_MASKED_EQ, mask, mask)))
            return e;
    }
    // Its flags are in memory, where no filter looks; the C library then takes clone.
    if (int e = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0)) return e;
    for (int family = 0; family < AF_MAX; ++family) {
        if (std::ranges::find(kFamilies, family) != kFamilies.end()) continue;
        if (int e = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                                     SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family), 0)))
            return e;
    }
    return 0;
}

}  // namespace

result<> drop_capabilities() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return failed("new privileges cannot be ruled out", errno);
    for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
        if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
            return failed("a capability cannot be dropped", errno);
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
    if (::syscall(SYS_capset, &header, none.data()) != 0)
        return failed("the capabilities cannot be dropped", errno);
    return {};
}

result<> filter_system_calls() {
    Filter filter(seccomp_init(SCMP_ACT_ALLOW));
    if (!filter) return fail(Errc::unavailable, "no system call filter can be made");
    for (const char* name : kRefused) {
        int number = seccomp_syscall_resolve_name(name);
        if (number == __NR_SCMP_ERROR) continue;  // not on this machine
        if (int e = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), number, 0); e != 0)
            return failed(fmt::format("no filter for {}", name), -e);
    }
    if (int e = add_argument_rules(filter.get()); e != 0)
        return failed("no filter by argument", -e);
    if (int e = seccomp_load(filter.get()); e != 0)
        return failed("the system call filter cannot be loaded", -e);
    return {};
}

}  // namespace mw::sandbox
