// Of a run, in words: for letters and for chats. Pure.
#pragma once

#include <string>
#include <string_view>

#include "features/mail/run_facts.hpp"

namespace mw::mail {

// "failed", "succeeded with warnings"
std::string_view verb_of(const RunReport& report);
// "3 minutes, 41 seconds"; empty while it is not over.
std::string length_of(const RunFacts& run);
// `public_url` is "https://host[:port]" without a slash at its end.
std::string run_url(const RunFacts& run, std::string_view public_url);

}  // namespace mw::mail
