#include "roles/runner/engine/confined_launcher.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>

#include "base/files.hpp"
#include "infra/sandbox/confined_program.hpp"

namespace mw::runner {
namespace {

constexpr std::size_t kMostFailureBytes = 4096;

result<UniqueFd> memory_file(const char* name) {
    UniqueFd file(::memfd_create(name, MFD_CLOEXEC));
    if (file) return file;
    return fail(Errc::unavailable, fmt::format("No memory file: {}", std::strerror(errno)));
}

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

result<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(Errc::unavailable, fmt::format("No pipe: {}", std::strerror(errno)));
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

result<UniqueFd> plan_file(const sandbox::Plan& plan) {
    MW_TRY(auto file, memory_file("plan"));
    if (!write_all(file.get(), boost::json::serialize(sandbox::to_json(plan))) ||
        ::lseek(file.get(), 0, SEEK_SET) != 0)
        return fail(Errc::unavailable, "The plan of the sandbox could not be written.");
    return file;
}

}  // namespace

process::SpawnOptions native_spawn_options() {
    process::SpawnOptions options;
    options.out = process::Stdio::pipe();
    options.err = process::Stdio::pipe();
    options.group = process::Group::own_session;
    options.death_signal = SIGKILL;
    // A core file would hold warehouse rows and credentials.
    options.limits = {{RLIMIT_CORE, 0, 0}};
    return options;
}

ConfinedLauncher::ConfinedLauncher(process::Process process, UniqueFd command, UniqueFd go,
                                   UniqueFd failure)
    : process_(std::move(process)),
      command_(std::move(command)),
      go_(std::move(go)),
      failure_(std::move(failure)) {
}

result<ConfinedLauncher> ConfinedLauncher::start(boost::asio::any_io_executor executor,
                                                 const std::filesystem::path& confiner,
                                                 const sandbox::Plan& plan) {
    MW_TRY(auto plan_fd, plan_file(plan));
    MW_TRY(auto command, memory_file("command"));
    MW_TRY(auto go, make_pipe());
    MW_TRY(auto failure, make_pipe());
    ::fcntl(failure.read.get(), F_SETFL, O_NONBLOCK);
    auto options = native_spawn_options();
    options.program = confiner;
    options.args = {"confine"};
    options.cwd = "/";
    options.inherit = {{plan_fd.get(), sandbox::kPlanFd},
                       {command.get(), sandbox::kConfineFds.command},
                       {go.read.get(), sandbox::kConfineFds.go},
                       {failure.write.get(), sandbox::kConfineFds.failure}};
    MW_TRY(auto process, process::Process::spawn(executor, std::move(options)));
    return ConfinedLauncher(std::move(process), std::move(command), std::move(go.write),
                            std::move(failure.read));
}

result<> ConfinedLauncher::become(const sandbox::Command& command) {
    if (!write_all(command_.get(), boost::json::serialize(sandbox::to_json(command))))
        return fail(Errc::unavailable, "There is no memory for the command.");
    // When it could not go in, it has ended already: then `failure` says why.
    static_cast<void>(write_all(go_.get(), "!"));
    return {};
}

std::string ConfinedLauncher::failure() const {
    std::string sentence(kMostFailureBytes, '\0');
    auto got = ::read(failure_.get(), sentence.data(), sentence.size());
    sentence.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return sentence;
}

}  // namespace mw::runner
