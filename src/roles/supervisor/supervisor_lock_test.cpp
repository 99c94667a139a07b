#include "roles/supervisor/supervisor_lock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

namespace mw::supervisor {
namespace {

namespace fs = std::filesystem;

class LockTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "supervisor_lock_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path folder_;
};

TEST_F(LockTest, TheSecondIsToldWhoHoldsIt) {
    auto path = folder_ / "supervisor.lock";
    EXPECT_EQ(*SupervisorLock::holder(path), std::nullopt);
    {
        auto lock = SupervisorLock::acquire(path);
        ASSERT_TRUE(lock) << lock.error().message;
        EXPECT_EQ(*SupervisorLock::holder(path), ::getpid());
        auto second = SupervisorLock::acquire(path);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, Errc::conflict);
        EXPECT_THAT(second.error().message, testing::HasSubstr(std::to_string(::getpid())));
    }
    // The file stays; the lock is gone.
    EXPECT_EQ(*SupervisorLock::holder(path), std::nullopt);
    EXPECT_TRUE(SupervisorLock::acquire(path));
}

TEST_F(LockTest, AFolderThatIsNotThereIsSaid) {
    EXPECT_FALSE(SupervisorLock::acquire(folder_ / "missing/supervisor.lock"));
}

}  // namespace
}  // namespace mw::supervisor
