#include "infra/cgroup/control_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "base/files.hpp"
#include "base/unique_fd.hpp"

namespace mw::cgroup {
namespace {

// Room for the ids of as many processes as a machine can have.
constexpr std::size_t kControlFileMaxBytes = 64UL * 1024 * 1024;

template <class Number>
std::optional<Number> parse(std::string_view text) {
    Number number{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Calls `take` with each word, separated by spaces or line ends.
template <class Take>
void for_each_word(std::string_view text, Take take) {
    constexpr std::string_view kGaps = " \t\n";
    for (auto begin = text.find_first_not_of(kGaps); begin != text.npos;) {
        auto end = std::min(text.find_first_of(kGaps, begin), text.size());
        take(text.substr(begin, end - begin));
        begin = text.find_first_not_of(kGaps, end);
    }
}

}  // namespace

int write_control(const std::filesystem::path& file, std::string_view text) {
    UniqueFd fd(::open(file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
    if (!fd) return errno;
    return ::write(fd.get(), text.data(), text.size()) < 0 ? errno : 0;
}

std::string read_control(const std::filesystem::path& file) {
    return read_file(file, kControlFileMaxBytes).value_or(std::string());
}

std::optional<std::uint64_t> read_number(const std::filesystem::path& file) {
    auto text = read_control(file);
    while (text.ends_with('\n'))
        text.pop_back();
    return parse<std::uint64_t>(text);
}

std::uint64_t number_after(std::string_view text, std::string_view word) {
    std::uint64_t number = 0;
    bool found = false;
    for_each_word(text, [&](std::string_view each) {
        if (found) number = parse<std::uint64_t>(each).value_or(0);
        found = each == word;
    });
    return number;
}

std::vector<int> process_ids(std::string_view text) {
    std::vector<int> ids;
    for_each_word(text, [&](std::string_view word) {
        if (auto id = parse<int>(word)) ids.push_back(*id);
    });
    return ids;
}

bool has_word(std::string_view list, std::string_view word) {
    bool found = false;
    for_each_word(list, [&](std::string_view each) { found = found || each == word; });
    return found;
}

}  // namespace mw::cgroup
