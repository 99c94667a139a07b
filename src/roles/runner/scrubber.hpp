// Replaces secrets by asterisks in text that leaves the worker.
//
// Masks a value as it is, as a URL spells it and as JSON spells it; of a value with several
// lines (a private key) also each line, because logs are cut into lines. Pure; one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mw::runner {

inline constexpr std::string_view kMask = "*****";

class Scrubber {
  public:
    // Blank values are ignored: masking them would mask everything.
    void add(std::string_view secret);

    std::string scrub(std::string_view text) const;

    // The values themselves, longest first, in all their spellings.
    const std::vector<std::string>& patterns() const { return patterns_; }

  private:
    void add_spellings(std::string_view secret);
    void add_pattern(std::string pattern);

    std::vector<std::string> patterns_;
};

}  // namespace mw::runner
