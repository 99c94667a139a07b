#include "infra/process/privileges.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace mw::process {
namespace {

result<> failed(const char* what) {
    return fail(Errc::internal,
                fmt::format("cannot become the service user: {}: {}", what, std::strerror(errno)));
}

}  // namespace

result<ServiceUser> find_service_user(const std::string& name) {
    errno = 0;
    const passwd* entry = ::getpwnam(name.c_str());
    if (!entry)
        return fail(Errc::not_found,
                    fmt::format("there is no system user {}: make it with `useradd --system "
                                "--no-create-home --shell /usr/sbin/nologin {}`, or name another "
                                "with MILLWRIGHT_USER",
                                name, name));
    if (entry->pw_uid == 0)
        return fail(Errc::invalid_argument,
                    fmt::format("MILLWRIGHT_USER: {} is root; the appliance runs as an ordinary "
                                "user",
                                name));
    return ServiceUser{name, entry->pw_uid, entry->pw_gid};
}

ServiceUser current_user() {
    const passwd* entry = ::getpwuid(::geteuid());
    return {entry ? entry->pw_name : std::to_string(::geteuid()), ::geteuid(), ::getegid()};
}

ActingAs::ActingAs(const ServiceUser& user) : group_(::getegid()) {
    if (::geteuid() != 0) return;
    int count = ::getgroups(0, nullptr);
    groups_.resize(static_cast<std::size_t>(std::max(count, 0)));
    if (::getgroups(count, groups_.data()) < 0) return;
    acting_ = ::initgroups(user.name.c_str(), user.gid) == 0 && ::setegid(user.gid) == 0 &&
              ::seteuid(user.uid) == 0;
}

ActingAs::~ActingAs() {
    if (::getuid() != 0) return;
    bool back = ::seteuid(0) == 0 && ::setegid(group_) == 0 &&
                ::setgroups(groups_.size(), groups_.data()) == 0;
    // Going on with an unknown identity would be worse than stopping.
    if (!back) std::terminate();
}

result<> drop_privileges(const ServiceUser& user) {
    if (::initgroups(user.name.c_str(), user.gid) != 0) return failed("groups");
    if (::setresgid(user.gid, user.gid, user.gid) != 0) return failed("group");
    if (::setresuid(user.uid, user.uid, user.uid) != 0) return failed("user");
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("no_new_privs");
    uid_t real = 0;
    uid_t effective = 0;
    uid_t saved = 0;
    if (::getresuid(&real, &effective, &saved) != 0 || real != user.uid || effective != user.uid ||
        saved != user.uid || ::setuid(0) == 0 || ::seteuid(0) == 0)
        return fail(Errc::internal, "root privileges could be regained after dropping them");
    return {};
}

}  // namespace mw::process
