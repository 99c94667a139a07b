// Writing for people: colours and redrawing only where a terminal shows them.
#pragma once

#include <string>
#include <string_view>

namespace mw::cli {

enum class Colour { none, green, red, yellow, blue, grey, bold };

class Terminal {
  public:
    // Looks at standard output, NO_COLOR and TERM.
    Terminal();

    bool interactive() const { return interactive_; }
    int width() const;
    std::string paint(Colour colour, std::string_view text) const;

    // A line that stays; the status line is redrawn below it.
    void line(std::string_view text);
    // The one line at the bottom that changes; nothing when not interactive.
    void status(std::string_view text);
    void clear_status();

  private:
    bool interactive_;
    std::string status_;
};

}  // namespace mw::cli
