#include "infra/process/privileges.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace mw::process {
namespace {

using testing::HasSubstr;

TEST(Privileges, AMissingUserNamesTheCommand) {
    auto missing = find_service_user("no-such-user");
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr("useradd --system"));
    EXPECT_THAT(missing.error().message, HasSubstr("no-such-user"));
}

TEST(Privileges, RootIsNoServiceUser) {
    auto root = find_service_user("root");
    ASSERT_FALSE(root);
    EXPECT_THAT(root.error().message, HasSubstr("MILLWRIGHT_USER"));
}

TEST(Privileges, CurrentUserIsThisProcess) {
    EXPECT_EQ(current_user().uid, ::geteuid());
}

// Runs `check` in a child, because there is no way back from what it does.
bool holds_in_child(const std::function<bool()>& check) {
    pid_t child = ::fork();
    if (child == 0) ::_exit(check() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(Privileges, RootIsDroppedForGood) {
    auto user = find_service_user("nobody");
    ASSERT_TRUE(user);
    bool dropped = holds_in_child([&] {
        return drop_privileges(*user).has_value() && ::getuid() == user->uid &&
               ::getegid() == user->gid && ::setuid(0) != 0 && ::access("/etc/shadow", R_OK) != 0;
    });
    // An ordinary user cannot become another: then it is an error, not a silent success.
    EXPECT_EQ(dropped, ::geteuid() == 0);
}

TEST(Privileges, ActingAsEndsWithItsScope) {
    auto user = find_service_user("nobody");
    ASSERT_TRUE(user);
    auto before = ::geteuid();
    {
        ActingAs acting(*user);
        EXPECT_EQ(acting.acting(), before == 0);
        EXPECT_EQ(::geteuid(), before == 0 ? user->uid : before);
    }
    EXPECT_EQ(::geteuid(), before);
}

}  // namespace
}  // namespace mw::process
