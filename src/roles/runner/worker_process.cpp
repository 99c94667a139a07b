#include "roles/runner/worker_process.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "roles/runner/worker.hpp"

namespace mw::runner {
namespace {

constexpr std::size_t kMostTokenBytes = 4096;

}  // namespace

result<Secret> read_token() {
    const char* variable = std::getenv(kTokenFdVariable);
    std::string_view text = variable ? variable : "";
    int number = -1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    ::unsetenv(kTokenFdVariable);
    if (number < 0)
        return fail(Errc::invalid_argument,
                    fmt::format("{} must name the descriptor of a pipe with the run's token: runs "
                                "are started by the scheduler.",
                                kTokenFdVariable));
    UniqueFd pipe(number);
    std::string token;
    char chunk[512];
    while (token.size() <= kMostTokenBytes) {
        auto got = ::read(pipe.get(), chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return fail(Errc::invalid_argument,
                        fmt::format("The run's token cannot be read: {}", std::strerror(errno)));
        if (got == 0) break;
        token.append(chunk, static_cast<std::size_t>(got));
    }
    ::explicit_bzero(chunk, sizeof chunk);
    while (token.ends_with('\n'))
        token.pop_back();
    if (token.empty() || token.size() > kMostTokenBytes)
        return fail(Errc::invalid_argument, "The run's token is empty or too long.");
    return Secret(std::move(token));
}

void protect_memory() {
    rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__has_feature) || !__has_feature(address_sanitizer)
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

}  // namespace mw::runner
