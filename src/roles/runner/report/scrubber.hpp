// Replaces secrets by asterisks in text that leaves the worker, in all their spellings
// (secret_spellings.hpp). Pure; one thread.
//
// Quick where there is nothing to replace, which is nearly always: of a spelling of 7 bytes and
// more, wherever it stands, 4 bytes fall on a position that 4 divides, so one look at every fourth
// position finds them all.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "roles/runner/report/secret_spellings.hpp"

namespace mw::runner {

inline constexpr std::string_view kMask = "*****";

class Scrubber {
  public:
    // Blank values are ignored: masking them would mask everything.
    void add(std::string_view value);

    // `torn`: the text was cut, so the beginning of a secret may stand at its end.
    std::string scrub(std::string_view text, bool torn = false) const;

    // The values that were added, and their lines.
    const std::vector<std::string>& secrets() const { return secrets_; }

  private:
    struct Span {
        std::size_t begin;
        std::size_t end;
    };
    // Four bytes of a spelling.
    struct Probe {
        std::uint32_t bytes;
        std::uint32_t spelling;
        std::uint32_t offset;
    };

    void add_spelling(Spelling spelling);
    std::vector<Span> find(std::string_view text) const;
    void look_up(std::string_view text, std::size_t at, std::uint32_t bytes,
                 std::vector<Span>& found) const;
    Span span_of(std::string_view text, std::size_t at, const Spelling& spelling) const;
    void find_torn(std::string_view text, std::vector<Span>& found) const;

    std::vector<std::string> secrets_;
    std::vector<Spelling> spellings_;
    std::vector<std::uint32_t> short_;  // of spellings_, those that are looked for one by one
    std::vector<Probe> probes_;         // by bytes
    std::bitset<1U << 16> maybe_;       // by a hash of the bytes
};

}  // namespace mw::runner
