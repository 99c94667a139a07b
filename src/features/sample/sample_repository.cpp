#include "features/sample/sample_repository.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "infra/process/process.hpp"

namespace mw::sample {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

// A fixed author and date: the sample's commit is the same on every machine.
process::Environment git_environment(const fs::path& home) {
    return {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
            {"HOME", home.string()},
            {"LANG", "C.UTF-8"},
            {"GIT_CONFIG_NOSYSTEM", "1"},
            {"GIT_TERMINAL_PROMPT", "0"},
            {"GIT_AUTHOR_NAME", "Millwright"},
            {"GIT_AUTHOR_EMAIL", "sample@millwright.invalid"},
            {"GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"},
            {"GIT_COMMITTER_NAME", "Millwright"},
            {"GIT_COMMITTER_EMAIL", "sample@millwright.invalid"},
            {"GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"}};
}

asio::awaitable<result<>> git(std::vector<std::string> args, fs::path cwd, fs::path home) {
    auto command = args.front();
    process::SpawnOptions options;
    options.program = "git";
    options.args = std::move(args);
    options.environment = git_environment(home);
    options.cwd = std::move(cwd);
    options.out = process::Stdio::pipe();
    options.err = process::Stdio::merge();
    MW_CO_TRY(auto child,
              process::Process::spawn(co_await asio::this_coro::executor, std::move(options)));
    std::string words;
    boost::system::error_code end;
    co_await asio::async_read(child.out(), asio::dynamic_buffer(words, 64 * 1024),
                              asio::redirect_error(asio::use_awaitable, end));
    auto status = co_await child.async_wait();
    if (!status.success())
        co_return fail(Errc::internal,
                       fmt::format("git {} failed ({}): {}", command, status.describe(), words));
    co_return result<>{};
}

asio::awaitable<result<>> build(fs::path sample, fs::path work, fs::path bare) {
    std::error_code error;
    fs::remove_all(work, error);
    fs::create_directories(work.parent_path(), error);
    fs::copy(sample, work, fs::copy_options::recursive, error);
    if (error)
        co_return fail(Errc::unavailable,
                       fmt::format("the sample project cannot be copied to {}: {}", work.string(),
                                   error.message()));
    auto home = work.parent_path();
    MW_CO_CHECK(co_await git({"init", "-q", "-b", "main"}, work, home));
    MW_CO_CHECK(co_await git({"add", "-A"}, work, home));
    MW_CO_CHECK(co_await git({"commit", "-q", "-m", "The shop"}, work, home));
    auto fresh = bare.string() + ".new";
    fs::remove_all(fresh, error);
    MW_CO_CHECK(co_await git({"clone", "-q", "--bare", work.string(), fresh}, home, home));
    fs::remove_all(bare, error);
    fs::rename(fresh, bare, error);
    fs::remove_all(work, error);
    if (error) co_return fail(Errc::unavailable, error.message());
    co_return result<>{};
}

}  // namespace

result<fs::path> make_sample_repository(const Layout& layout) {
    auto bare = layout.data_dir / "git" / "shop.git";
    auto work = layout.data_dir / "git" / "shop.work";
    asio::io_context ioc{1};
    result<> outcome;
    asio::co_spawn(
        ioc,
        [&]() -> asio::awaitable<void> {
            outcome = co_await build(layout.sample_dir / "shop", work, bare);
        },
        [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    ioc.run();
    if (!outcome) return std::unexpected(outcome.error());
    return bare;
}

}  // namespace mw::sample
