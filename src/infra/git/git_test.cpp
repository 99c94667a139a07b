#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "infra/git/bare_repository.hpp"
#include "infra/git/git_process.hpp"
#include "infra/git/http_backend.hpp"
#include "infra/process/run_command.hpp"
#include "test_support/run_on.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::git {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

http::Request request(std::string method, std::string path, std::string service = {}) {
    http::Request made;
    made.method = std::move(method);
    made.path = std::move(path);
    if (!service.empty()) made.query.emplace_back("service", service);
    return made;
}

TEST(GitService, IsReadFromPathAndQuery) {
    EXPECT_EQ(service_of(request("GET", "/git/1/a.git/info/refs", "git-upload-pack")),
              Service::fetch);
    EXPECT_EQ(service_of(request("GET", "/git/1/a.git/info/refs/", "git-receive-pack")),
              Service::push);
    EXPECT_EQ(service_of(request("POST", "/git/1/a.git/git-receive-pack")), Service::push);
    EXPECT_EQ(service_of(request("POST", "/git/1/a.git/git-upload-pack")), Service::fetch);
    // What only a server of files would answer, and what asks for one thing and does another.
    EXPECT_FALSE(service_of(request("GET", "/git/1/a.git/info/refs")));
    EXPECT_FALSE(service_of(request("GET", "/git/1/a.git/info/refs", "git-upload-archive")));
    EXPECT_FALSE(service_of(request("POST", "/git/1/a.git/info/refs", "git-receive-pack")));
    EXPECT_FALSE(service_of(request("GET", "/git/1/a.git/HEAD")));
}

class BareRepository : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(test::run_on(ioc_, make_bare(folder_))); }

    // A commit with one file, by git itself.
    void commit() {
        auto run = [&](std::vector<std::string> args) {
            auto options = git_options(std::move(args));
            options.environment.merge(process::Environment{{"GIT_AUTHOR_NAME", "ann"},
                                                           {"GIT_AUTHOR_EMAIL", "ann@h"},
                                                           {"GIT_COMMITTER_NAME", "ann"},
                                                           {"GIT_COMMITTER_EMAIL", "ann@h"}});
            auto done = test::run_on(ioc_, process::run_command(std::move(options)));
            ASSERT_TRUE(done && done->status.success()) << (done ? done->err : "");
            said_ = done->out.substr(0, done->out.find('\n'));
        };
        auto git_dir = "--git-dir=" + folder_.string();
        run({git_dir, "hash-object", "-t", "tree", "-w", "/dev/null"});
        run({git_dir, "commit-tree", "-m", "first", said_});
        run({git_dir, "update-ref", "refs/heads/main", said_});
    }

    boost::asio::io_context ioc_;
    test::TempDir temp_;
    std::filesystem::path folder_ = temp_.path() / "7.git";
    std::string said_;
};

TEST_F(BareRepository, AFolderThatIsThereIsNotTakenOver) {
    EXPECT_FALSE(test::run_on(ioc_, make_bare(folder_)));
}

TEST_F(BareRepository, AnEmptyOneHasNothingToDownload) {
    EXPECT_FALSE(test::run_on(ioc_, has_commits(folder_)).value());
    auto zip = test::run_on(ioc_, zip_of(folder_, "shop"));
    ASSERT_FALSE(zip);
    EXPECT_EQ(zip.error().code, Errc::conflict);
    EXPECT_THAT(zip.error().message, HasSubstr("main"));
}

TEST_F(BareRepository, ItsFilesComeAsAZipArchive) {
    commit();
    EXPECT_TRUE(test::run_on(ioc_, has_commits(folder_)).value());
    auto zip = test::run_on(ioc_, zip_of(folder_, "shop"));
    ASSERT_TRUE(zip);
    std::string bytes;
    for (;;) {
        auto piece = test::run_on(ioc_, (*zip)());
        ASSERT_TRUE(piece);
        if (piece->empty()) break;
        bytes += *piece;
    }
    EXPECT_THAT(bytes, StartsWith("PK"));
    EXPECT_THAT(bytes, HasSubstr("shop/"));
}

TEST_F(BareRepository, ABrokenOneIsAFaultAndNoEmptyOne) {
    std::filesystem::remove_all(folder_ / "refs");
    std::filesystem::remove(folder_ / "HEAD");
    auto any = test::run_on(ioc_, has_commits(folder_));
    ASSERT_FALSE(any);
    EXPECT_EQ(any.error().code, Errc::internal);
}

TEST_F(BareRepository, TheBackendTellsItsBranches) {
    commit();
    HttpBackend backend(temp_.path());
    auto asked = request("GET", "/x/info/refs", "git-upload-pack");
    auto answer = test::run_on(ioc_, backend.serve(asked, Service::fetch, "7.git", "ann"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->headers["content-type"], "application/x-git-upload-pack-advertisement");
    auto piece = test::run_on(ioc_, answer->stream());
    ASSERT_TRUE(piece);
    EXPECT_THAT(*piece, HasSubstr("service=git-upload-pack"));
}

TEST_F(BareRepository, TheBackendDoesNotKnowOneThatIsNotThere) {
    HttpBackend backend(temp_.path());
    auto asked = request("GET", "/x/info/refs", "git-upload-pack");
    auto answer = test::run_on(ioc_, backend.serve(asked, Service::fetch, "8.git", "ann"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::not_found);
}

TEST_F(BareRepository, OnlySoManyAreServedAtOnce) {
    commit();
    HttpBackend backend(temp_.path());
    auto asked = request("GET", "/x/info/refs", "git-upload-pack");
    std::vector<http::Response> held;
    for (int i = 0; i < 32; ++i) {
        auto answer = test::run_on(ioc_, backend.serve(asked, Service::fetch, "7.git", "ann"));
        ASSERT_TRUE(answer) << i;
        held.push_back(std::move(*answer));
    }
    auto refused = test::run_on(ioc_, backend.serve(asked, Service::fetch, "7.git", "ann"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    held.pop_back();
    EXPECT_TRUE(test::run_on(ioc_, backend.serve(asked, Service::fetch, "7.git", "ann")));
}

}  // namespace
}  // namespace mw::git
