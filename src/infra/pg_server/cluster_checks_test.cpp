#include "infra/pg_server/cluster_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fstream>

#include "base/layout.hpp"

namespace mw::pg_server {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using testing::HasSubstr;

class ClusterChecks : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "cluster_checks_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = fs::canonical(pattern);
        data_dir_ = folder_ / "postgres";
        fs::create_directory(data_dir_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(const fs::path& name, std::string_view text) {
        std::ofstream(data_dir_ / name) << text;
    }
    auto inspect() { return inspect_data_folder(data_dir_, 15, ::geteuid()); }

    result<int> major_of(const fs::path& programs) {
        asio::io_context ioc{1};
        auto outcome = asio::co_spawn(ioc, server_major(programs), asio::use_future);
        ioc.run();
        return outcome.get();
    }

    fs::path folder_;
    fs::path data_dir_;
};

TEST_F(ClusterChecks, AbsentOrEmptyMayBeMade) {
    EXPECT_EQ(inspect(), FolderState::absent);
    fs::remove(data_dir_);
    EXPECT_EQ(inspect(), FolderState::absent);
}

TEST_F(ClusterChecks, OursIsRecognised) {
    write(kMarkerFile, "x");
    write("PG_VERSION", "15\n");
    EXPECT_EQ(inspect(), FolderState::ours);
}

TEST_F(ClusterChecks, AForeignClusterIsRefusedByItsVersion) {
    write("PG_VERSION", "15\n");
    auto refused = inspect();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("PostgreSQL 15 data folder that Millwright"));
    EXPECT_THAT(refused.error().message, HasSubstr("nothing was changed"));
}

TEST_F(ClusterChecks, OtherFilesAreRefused) {
    write("holiday.jpg", "x");
    auto refused = inspect();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("files that Millwright did not make"));
}

TEST_F(ClusterChecks, AnotherMajorVersionIsRefused) {
    write(kMarkerFile, "x");
    write("PG_VERSION", "13\n");
    auto refused = inspect();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("was made by PostgreSQL 13"));
}

TEST_F(ClusterChecks, AnotherOwnerIsRefused) {
    auto refused = inspect_data_folder(data_dir_, 15, ::geteuid() + 1);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("belongs to system user"));
}

TEST_F(ClusterChecks, AFileInItsPlaceIsRefused) {
    fs::remove(data_dir_);
    std::ofstream(data_dir_) << "x";
    auto refused = inspect();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("not a folder"));
}

TEST_F(ClusterChecks, APostmasterIsLiveOnlyWhenItServesThisFolder) {
    EXPECT_FALSE(live_postmaster(data_dir_));
    write("postmaster.pid", "no number\n");
    EXPECT_FALSE(live_postmaster(data_dir_));
    // This test runs, but elsewhere: as if the pid had been given to another program.
    write("postmaster.pid", std::to_string(::getpid()) + "\n");
    EXPECT_FALSE(live_postmaster(data_dir_));
    auto before = fs::current_path();
    fs::current_path(data_dir_);
    EXPECT_EQ(live_postmaster(data_dir_), ::getpid());
    fs::current_path(before);
}

TEST_F(ClusterChecks, OnlyStaleLocksAreCleared) {
    Cluster cluster{.programs = {}, .data_dir = data_dir_, .socket_dir = folder_, .superuser = "x"};
    auto socket_lock = folder_ / (std::string(kPostgresSocketName) + ".lock");
    auto pid = std::to_string(::getpid()) + "\n";
    write("postmaster.pid", pid);
    std::ofstream(socket_lock) << pid;
    auto before = fs::current_path();
    fs::current_path(data_dir_);
    clear_stale_locks(cluster);
    EXPECT_TRUE(fs::exists(data_dir_ / "postmaster.pid"));
    fs::current_path(before);
    clear_stale_locks(cluster);
    EXPECT_FALSE(fs::exists(data_dir_ / "postmaster.pid"));
    EXPECT_FALSE(fs::exists(socket_lock));
}

TEST_F(ClusterChecks, MissingProgramsNameThePackage) {
    auto missing = major_of(folder_);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::not_found);
    EXPECT_THAT(missing.error().message, HasSubstr("postgresql-15"));
    EXPECT_THAT(missing.error().message, HasSubstr("MILLWRIGHT_POSTGRES_BIN"));
}

TEST_F(ClusterChecks, AnOldServerIsRefused) {
    for (const char* name : {"postgres", "initdb"}) {
        write(name, "#!/bin/sh\necho 'postgres (PostgreSQL) 12.4'\n");
        fs::permissions(data_dir_ / name, fs::perms::owner_all);
    }
    auto refused = major_of(data_dir_);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("version 12"));
}

TEST(ParseMajor, ReadsWhatPostgresPrints) {
    EXPECT_EQ(parse_major("postgres (PostgreSQL) 15.7 (Debian 15.7-0+deb12u1)\n"), 15);
    EXPECT_EQ(parse_major("postgres (PostgreSQL) 17devel"), 17);
    EXPECT_FALSE(parse_major("postgres"));
    EXPECT_FALSE(parse_major("(PostgreSQL) x"));
}

}  // namespace
}  // namespace mw::pg_server
