#include "roles/cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace mw::cli {

Terminal::Terminal() {
    const char* term = std::getenv("TERM");
    interactive_ = ::isatty(STDOUT_FILENO) != 0 && !std::getenv("NO_COLOR") && term &&
                   std::string_view(term) != "dumb";
}

int Terminal::width() const {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return 100;
}

std::string Terminal::paint(Colour colour, std::string_view text) const {
    if (!interactive_ || colour == Colour::none) return std::string(text);
    const char* code = "0";
    switch (colour) {
        case Colour::none:
            break;
        case Colour::green:
            code = "32";
            break;
        case Colour::red:
            code = "31";
            break;
        case Colour::yellow:
            code = "33";
            break;
        case Colour::blue:
            code = "34";
            break;
        case Colour::grey:
            code = "90";
            break;
        case Colour::bold:
            code = "1";
            break;
    }
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

void Terminal::line(std::string_view text) {
    auto shown = status_;
    clear_status();
    fmt::print("{}\n", text);
    std::fflush(stdout);
    if (!shown.empty()) status(shown);
}

void Terminal::status(std::string_view text) {
    if (!interactive_) return;
    status_ = text;
    fmt::print("\r\x1b[2K{}", status_);
    std::fflush(stdout);
}

void Terminal::clear_status() {
    if (!interactive_ || status_.empty()) return;
    fmt::print("\r\x1b[2K");
    std::fflush(stdout);
    status_.clear();
}

}  // namespace mw::cli
