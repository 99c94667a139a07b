#include "infra/git/bare_repository.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "infra/git/git_process.hpp"
#include "infra/git/output_stream.hpp"
#include "infra/process/run_command.hpp"

namespace mw::git {
namespace {

namespace fs = std::filesystem;

// Half of what arrived is never seen, and one big push does not take the machine's memory.
std::string configuration() {
    return fmt::format(R"([core]
	repositoryformatversion = 0
	bare = true
	bigFileThreshold = 16m
[http]
	getanyfile = false
	receivepack = false
[receive]
	fsckObjects = true
	maxInputSize = {}
[gc]
	autoDetach = false
[pack]
	threads = 1
	windowMemory = 64m
)",
                       kMostPushedBytes);
}

std::unexpected<Error> failed(std::string_view what, const process::CommandOutput& output) {
    return fail(Errc::internal, "git failed",
                fmt::format("{}: {}: {}", what, output.status.describe(),
                            process::last_lines(output.err, 5)));
}

}  // namespace

asio::awaitable<result<>> make_bare(fs::path folder) {
    std::error_code error;
    if (fs::exists(folder, error))
        co_return fail(Errc::internal, "git failed", folder.string() + " exists");
    fs::create_directories(folder.parent_path(), error);
    MW_CO_TRY(auto made, co_await process::run_command(git_options(
                             {"init", "--quiet", "--bare", "--template=", "--initial-branch=main",
                              "--", folder.string()})));
    if (!made.status.success()) co_return failed("init", made);
    co_return write_file_atomically(folder / "config", configuration(), 0600);
}

asio::awaitable<result<bool>> has_commits(fs::path folder) {
    MW_CO_TRY(auto asked, co_await process::run_command(
                              git_options({"--git-dir=" + folder.string(), "rev-parse", "--quiet",
                                           "--verify", "HEAD^{commit}"})));
    if (asked.status.success()) co_return true;
    // 1 says no; anything else is a fault.
    if (asked.status.signal != 0 || asked.status.code != 1) co_return failed("rev-parse", asked);
    co_return false;
}

asio::awaitable<result<http::BodyStream>> zip_of(fs::path folder, std::string name) {
    MW_CO_TRY(bool any, co_await has_commits(folder));
    if (!any)
        co_return fail(Errc::conflict,
                       "The repository is empty. Push a first commit to its branch \"main\".");
    auto options = git_options({"--git-dir=" + folder.string(), "archive", "--format=zip",
                                "--prefix=" + name + "/", "HEAD"});
    options.out = process::Stdio::pipe();
    MW_CO_TRY(auto git,
              process::Process::spawn(co_await asio::this_coro::executor, std::move(options)));
    co_return output_stream(std::move(git), {});
}

}  // namespace mw::git
