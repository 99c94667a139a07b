// The kernel's control files: a short text each, read whole and written by a single write.
// Blocking, but the kernel answers at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mw::cgroup {

// 0, or the errno of what failed.
int write_control(const std::filesystem::path& file, std::string_view text);

// Empty when there is no such file or it cannot be read.
std::string read_control(const std::filesystem::path& file);

// Of a file that is one number; empty for "max" too.
std::optional<std::uint64_t> read_number(const std::filesystem::path& file);

// The number behind a word, of lines such as "oom_kill 3"; 0 when the word is not there. Pure.
std::uint64_t number_after(std::string_view text, std::string_view word);

// The process ids in a cgroup.procs. What lies outside of this pid namespace is 0 there. Pure.
std::vector<int> process_ids(std::string_view text);

// Whether a list of words separated by spaces has this one: "cpu memory pids". Pure.
bool has_word(std::string_view list, std::string_view word);

}  // namespace mw::cgroup
