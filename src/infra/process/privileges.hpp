// Started as root, the supervisor becomes the service user for good before it touches data.
//
// Errors: one sentence with the command that helps. Call before any thread is started: the C
// library changes all threads, but a half-way failure is only simple to end with one.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/error.hpp"

namespace mw::process {

struct ServiceUser {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
};

// A missing user is an error that names the command to make it; root itself is refused.
result<ServiceUser> find_service_user(const std::string& name);

// The user of this very process.
ServiceUser current_user();

// While it lives, access checks are those of the service user; only root can make one.
class ActingAs {
  public:
    explicit ActingAs(const ServiceUser& user);
    ActingAs(const ActingAs&) = delete;
    ActingAs& operator=(const ActingAs&) = delete;
    ~ActingAs();
    bool acting() const { return acting_; }

  private:
    bool acting_ = false;
    gid_t group_ = 0;
    std::vector<gid_t> groups_;
};

// All of user, groups and capabilities, and no way to gain new ones (no_new_privs); verified.
result<> drop_privileges(const ServiceUser& user);

}  // namespace mw::process
