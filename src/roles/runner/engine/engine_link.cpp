#include "roles/runner/engine/engine_link.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "infra/process/process.hpp"
#include "infra/process/run_command.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto kEndLimit = 5s;
constexpr std::size_t kMostStderrBytes = 1024UL * 1024;
constexpr std::size_t kErrorLines = 5;

class ColdLink final : public EngineLink {
  public:
    ColdLink(process::Process host, std::filesystem::path stderr_file)
        : host_(std::move(host)), stderr_file_(std::move(stderr_file)) {}

    Stream& messages() override { return host_.out(); }
    Stream& commands() override { return host_.in(); }
    // It is our child, and what it confines dies with it.
    void set_holder(int) override {}
    void kill() override { host_.signal_group(SIGKILL); }

    asio::awaitable<std::string> how_it_ended() override {
        auto status = co_await host_.async_wait_for(kEndLimit);
        auto complaints = read_file(stderr_file_, kMostStderrBytes);
        auto last = complaints ? process::last_lines(*complaints, kErrorLines) : std::string();
        auto how = status ? status->describe() : "its output was closed";
        co_return last.empty() ? fmt::format("({}).", how) : fmt::format("({}):\n{}", how, last);
    }

  private:
    process::Process host_;
    std::filesystem::path stderr_file_;
};

class WarmLink final : public EngineLink {
  public:
    WarmLink(asio::any_io_executor executor, UniqueFd connection, UniqueFd copy)
        : messages_(executor, connection.release()), commands_(executor, copy.release()) {}
    ~WarmLink() override { kill(); }

    Stream& messages() override { return messages_; }
    Stream& commands() override { return commands_; }
    void set_holder(int pid) override {
        holder_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    }
    void kill() override {
        if (holder_) ::syscall(SYS_pidfd_send_signal, holder_.get(), SIGKILL, nullptr, 0);
        // Before it is confined, the end of the connection is what ends it.
        ::shutdown(messages_.native_handle(), SHUT_RDWR);
    }
    asio::awaitable<std::string> how_it_ended() override {
        co_return "(its session was killed, or has crashed).";
    }

  private:
    Stream messages_;
    Stream commands_;
    UniqueFd holder_;
};

}  // namespace

result<std::unique_ptr<EngineLink>> start_cold(asio::any_io_executor executor,
                                               const ColdHost& host) {
    UniqueFd complaints(
        ::open(host.stderr_file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600));
    if (!complaints)
        return fail(file_error(errno, "The dbt engine cannot be started", host.stderr_file));
    process::SpawnOptions options;
    options.program = host.program;
    options.args = host.args;
    options.environment = host.environment;
    options.cwd = host.cwd;
    options.in = process::Stdio::pipe();
    options.out = process::Stdio::pipe();
    options.err = process::Stdio::descriptor(complaints.get());
    options.group = process::Group::own_session;
    options.death_signal = SIGKILL;
    MW_TRY(auto child, process::Process::spawn(executor, std::move(options)));
    return std::make_unique<ColdLink>(std::move(child), host.stderr_file);
}

result<std::unique_ptr<EngineLink>> connect_warm(asio::any_io_executor executor,
                                                 const std::filesystem::path& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.string().size() >= sizeof address.sun_path)
        return fail(Errc::not_found, "The path of the warm host's socket is too long.");
    std::strcpy(address.sun_path, socket.c_str());
    UniqueFd connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!connection ||
        ::connect(connection.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return fail(Errc::not_found, fmt::format("No warm host answers: {}", std::strerror(errno)));
    UniqueFd copy(::fcntl(connection.get(), F_DUPFD_CLOEXEC, 3));
    if (!copy) return fail(Errc::unavailable, "There is no descriptor left.");
    return std::make_unique<WarmLink>(executor, std::move(connection), std::move(copy));
}

}  // namespace mw::runner
