#include "base/readiness.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/unique_fd.hpp"

namespace mw {
namespace {

TEST(Readiness, WritesOneByteClosesAndForgets) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    UniqueFd read_end(ends[0]);
    ::setenv(kReadyFdVariable, std::to_string(ends[1]).c_str(), 1);
    announce_ready();
    EXPECT_EQ(std::getenv(kReadyFdVariable), nullptr);
    char bytes[2];
    EXPECT_EQ(::read(read_end.get(), bytes, 2), 1);
    EXPECT_EQ(::read(read_end.get(), bytes, 2), 0);
}

TEST(Readiness, WithoutASupervisorNothingHappens) {
    ::unsetenv(kReadyFdVariable);
    announce_ready();
    // A number that is none, or a standard stream, is left alone.
    for (const char* odd : {"", "x", "2", "-1", "4x"}) {
        ::setenv(kReadyFdVariable, odd, 1);
        announce_ready();
        EXPECT_EQ(std::getenv(kReadyFdVariable), nullptr);
    }
    EXPECT_GE(::fcntl(STDERR_FILENO, F_GETFD), 0);
}

}  // namespace
}  // namespace mw
