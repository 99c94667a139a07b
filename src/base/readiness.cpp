#include "base/readiness.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace mw {

void announce_ready() {
    const char* value = std::getenv(kReadyFdVariable);
    if (!value) return;
    std::string_view text = value;
    int fd = -1;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fd);
    bool whole = error == std::errc{} && end == text.data() + text.size();
    ::unsetenv(kReadyFdVariable);
    if (!whole || fd < 3) return;
    // A supervisor that has gone is not this role's trouble: the pipe then has no reader.
    [[maybe_unused]] auto written = ::write(fd, "1", 1);
    ::close(fd);
}

}  // namespace mw
