#include "roles/runner/command/duckdb_lock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace mw::runner {
namespace {

using testing::HasSubstr;

constexpr std::string_view kMessage =
    "Runtime Error\n  IO Error: Could not set lock on file \"/data/shop.duckdb\": Conflicting lock "
    "is held in /usr/bin/python3.11 (PID 1234) by user shop. See also https://duckdb.org/docs";

TEST(DuckdbLock, ReadsWhatDuckdbSays) {
    auto clash = find_lock_clash(kMessage);
    ASSERT_TRUE(clash);
    EXPECT_EQ(clash->file, "/data/shop.duckdb");
    EXPECT_EQ(clash->program, "/usr/bin/python3.11");
    EXPECT_EQ(clash->pid, 1234);
}

TEST(DuckdbLock, TakesAMessageWithoutAHolder) {
    auto clash = find_lock_clash("Could not set lock on file \"x.db\": Resource busy");
    ASSERT_TRUE(clash);
    EXPECT_EQ(clash->pid, 0);
    EXPECT_THAT(explain_lock_clash(*clash, "/w"), HasSubstr("in use by another process"));
}

TEST(DuckdbLock, OtherMessagesAreNotAboutALock) {
    EXPECT_FALSE(find_lock_clash("Catalog Error: Table with name x does not exist"));
    EXPECT_FALSE(find_lock_clash(""));
    EXPECT_FALSE(find_lock_clash("Could not set lock on file \"x"));
}

TEST(DuckdbLock, KnowsTheRunOfAWorkspace) {
    EXPECT_EQ(run_of_folder("/w/run-17/repository/sub", "/w"), "17");
    EXPECT_FALSE(run_of_folder("/w/other", "/w"));
    EXPECT_FALSE(run_of_folder("/home/x", "/w"));
}

TEST(DuckdbLock, NamesTheHolder) {
    // This very process stands for the holder: its working folder is in no run's workspace.
    LockClash clash{.file = "/x.db", .program = "/usr/bin/duckdb", .pid = ::getpid()};
    EXPECT_THAT(explain_lock_clash(clash, "/no/workspaces"),
                HasSubstr("/usr/bin/duckdb (process "));
}

}  // namespace
}  // namespace mw::runner
