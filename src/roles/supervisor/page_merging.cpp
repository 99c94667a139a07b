#include "roles/supervisor/page_merging.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <charconv>

#include "base/files.hpp"
#include "base/trimmed.hpp"
#include "base/unique_fd.hpp"

namespace mw::supervisor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = 4096;
// Looked at each 20 ms. The kernel's own 100 are 20 MiB a second, too slow for most runs; these
// are 400 MiB, and some percent of one processor.
constexpr int kPagesToScan = 2000;

bool write_to(const fs::path& file, std::string_view text) {
    UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    return fd && write_all(fd.get(), text);
}

void quicken(const fs::path& switches) {
    auto text = read_file(switches / "pages_to_scan", kMaxBytes);
    if (!text) return;
    int pages = kPagesToScan;
    std::from_chars(text->data(), text->data() + text->size(), pages);
    // What it was set to on purpose stays, if it is more.
    if (pages < kPagesToScan) write_to(switches / "pages_to_scan", std::to_string(kPagesToScan));
}

}  // namespace

std::string start_page_merging(const fs::path& switches) {
    auto run = read_file(switches / "run", kMaxBytes);
    if (!run) return "this kernel does not merge memory (it has no KSM)";
    if (trimmed(*run) == "1") return {};
    if (!write_to(switches / "run", "1"))
        return fmt::format(
            "the kernel's merging of memory is off, and only root may turn it on: "
            "echo 1 > {}/run",
            switches.string());
    quicken(switches);
    return {};
}

}  // namespace mw::supervisor
