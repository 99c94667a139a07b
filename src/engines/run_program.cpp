#include "engines/run_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <deque>
#include <system_error>

#include "base/unique_fd.hpp"

namespace mw::engines {
namespace {

constexpr std::size_t kLinesKept = 20;
constexpr std::size_t kLineBytesMax = 4096;

class SpawnActions {
  public:
    SpawnActions() { posix_spawn_file_actions_init(&actions_); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
    posix_spawn_file_actions_t* get() { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> list;
    list.reserve(texts.size() + 1);
    // posix_spawn takes char* for C's sake and writes nothing.
    for (const auto& text : texts)
        list.push_back(const_cast<char*>(text.c_str()));
    list.push_back(nullptr);
    return list;
}

// Splits what comes into lines and keeps the last ones.
class Lines {
  public:
    explicit Lines(const std::function<void(std::string_view)>& on_line) : on_line_(on_line) {}

    void feed(std::string_view bytes) {
        for (char c : bytes) {
            if (c == '\n') {
                end();
            } else if (line_.size() < kLineBytesMax) {
                line_ += c;
            }
        }
    }

    void end() {
        if (line_.empty()) return;
        on_line_(line_);
        if (kept_.size() == kLinesKept) kept_.pop_front();
        kept_.push_back(std::exchange(line_, {}));
    }

    std::string kept() const {
        std::string text;
        for (const auto& line : kept_)
            text += (text.empty() ? "" : "\n") + line;
        return text;
    }

  private:
    const std::function<void(std::string_view)>& on_line_;
    std::string line_;
    std::deque<std::string> kept_;
};

result<pid_t> spawn(const Program& program, int output_fd) {
    SpawnActions actions;
    posix_spawn_file_actions_addopen(actions.get(), 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(actions.get(), output_fd, 1);
    posix_spawn_file_actions_adddup2(actions.get(), output_fd, 2);
    // Onto itself: that takes the close-on-exec flag away, in the child alone.
    if (program.keep_fd >= 0)
        posix_spawn_file_actions_adddup2(actions.get(), program.keep_fd, program.keep_fd);
    posix_spawn_file_actions_addchdir_np(actions.get(), program.cwd.c_str());

    std::vector<std::string> args{program.program.string()};
    args.insert(args.end(), program.args.begin(), program.args.end());
    pid_t pid = -1;
    int error = posix_spawnp(&pid, program.program.c_str(), actions.get(), nullptr,
                             pointers(args).data(), pointers(program.environment).data());
    if (error == 0) return pid;
    auto why = std::system_category().message(error);
    if (error == ENOENT || error == ENOTDIR)
        return fail(Errc::not_found,
                    fmt::format("There is no program `{}`.", program.program.string()));
    return fail(Errc::internal,
                fmt::format("`{}` cannot be started: {}", program.program.string(), why));
}

void read_all(int fd, Lines& lines) {
    std::array<char, 16384> buffer;
    while (true) {
        ssize_t count = ::read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        lines.feed({buffer.data(), static_cast<std::size_t>(count)});
    }
    lines.end();
}

}  // namespace

result<ProgramOutcome> run_program(const Program& program,
                                   const std::function<void(std::string_view)>& on_line) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return fail(Errc::internal, "No pipe can be made.", std::system_category().message(errno));
    UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    MW_TRY(pid_t pid, spawn(program, write_end.get()));
    write_end.reset();

    Lines lines(on_line);
    read_all(read_end.get(), lines);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return ProgramOutcome{
        .succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0,
        .how = WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                   : fmt::format("exit code {}", WEXITSTATUS(status)),
        .last_lines = lines.kept(),
    };
}

}  // namespace mw::engines
