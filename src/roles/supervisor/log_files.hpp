// The roles' log lines: to data/logs/<role>.log with bounded size, and on to standard error.
//
// A line that cannot be written (a full disk) is counted and said later; logging never stops
// the appliance. Thread: one io thread. Blocking file writes, a line at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"

namespace mw::supervisor {

// Appends to `path`; when it would pass `max_bytes` it becomes path.1, path.1 becomes path.2
// and so on, `files` in all.
class RotatingFile {
  public:
    RotatingFile(std::filesystem::path path, std::uint64_t max_bytes, int files);

    void append(std::string_view line);
    std::uint64_t lost_lines() const { return lost_lines_; }

  private:
    bool open();
    void rotate();
    bool write_line(std::string_view line);

    std::filesystem::path path_;
    std::uint64_t max_bytes_;
    int files_;
    UniqueFd file_;
    std::uint64_t size_ = 0;
    std::uint64_t lost_lines_ = 0;
};

class RoleLog {
  public:
    static constexpr std::uint64_t kMaxBytes = 10 * 1024 * 1024;
    static constexpr int kFiles = 3;
    static constexpr std::size_t kTailLines = 20;

    // `mirror`: also to our own standard error.
    RoleLog(std::string role, const std::filesystem::path& folder, bool mirror);

    void line(std::string_view text);
    // The last lines, to be shown when the role does not start.
    const std::deque<std::string>& tail() const { return tail_; }
    void clear_tail() { tail_.clear(); }

  private:
    std::string role_;
    RotatingFile file_;
    bool mirror_;
    std::deque<std::string> tail_;
};

}  // namespace mw::supervisor
