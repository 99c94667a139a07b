// The kernel's merging of equal pages (KSM), which `MERGE_MEMORY` wants for the sessions of warm
// hosts. The machine's switch is root's; which processes take part, they say themselves
// (engines/host/host_prctl.py).
#pragma once

#include <filesystem>
#include <string>

namespace mw::supervisor {

// Turns it on unless it is, at a pace that finds what a run of half a minute shares. Returns ""
// or, in a sentence, why it stays off and who can change that.
std::string start_page_merging(const std::filesystem::path& switches = "/sys/kernel/mm/ksm");

}  // namespace mw::supervisor
