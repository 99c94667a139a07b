// The ways in which a secret may come out in a text: the one rule that this worker and the engine
// host (engines/host/host_text.py) keep. tests/scrubbing/vectors.json shows it for both. Pure.
//
// - A value counts without the white space around it; an empty one is none.
// - Of a value with several lines, each line of 8 bytes and more is a secret too: logs are cut into
//   lines, and a key in PEM form is printed line by line.
// - Each is looked for as it is; percent-encoded, with what different programs leave alone, hex
//   digits large or small, a blank as %20 or +; escaped for JSON, other than ASCII as it is or as
//   \u…; and, where that gives 6 characters or more, in hex and in base64, in its standard and its
//   URL-safe alphabet and at each of the three places where it may begin in the encoded text.
// - A character of base64 at its edge also holds bits of its neighbour: it is masked as well.
// - Spellings that overlap in a text are masked as one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mw::runner {

struct Spelling {
    std::string text;
    // Base64: how many characters before and after it hold bits of it.
    int before = 0;
    int after = 0;

    auto operator<=>(const Spelling&) const = default;
};

// The secrets in a value: itself and its lines, none twice.
std::vector<std::string> secrets_in(std::string_view value);

std::vector<Spelling> spellings_of(std::string_view secret);

bool is_base64(char c);

}  // namespace mw::runner
