// The compressed object that a step's log becomes. Pure.
//
// A valid `.jsonl.zst`: independent frames of about 256 KiB of lines each, then a skippable frame
// with an index of them, so that a reader can open the log anywhere:
//
//   frame | frame | … | skippable( index as JSON | its length, 4 bytes LE | "MWLI" )
//   index: [[offset, size, first line, lines, lines of level info and up], …]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/run_log/log_line.hpp"
#include "infra/zstd/zstd.hpp"

namespace mw::run_log {

struct Frame {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::int64_t first_line = 0;
    std::int64_t lines = 0;
    std::int64_t shown_lines = 0;  // of level info and up
};

class LogObjectWriter {
  public:
    // Bytes to be written next; often empty.
    std::string add(const LogLine& line);
    // The last bytes.
    std::string finish();

  private:
    std::string end_frame();

    zstd::Compressor compressor_;
    std::vector<Frame> frames_;
    Frame current_;
    std::size_t raw_bytes_ = 0;  // of the current frame
};

// How many of an object's last bytes hold its index as a rule.
inline constexpr std::uint64_t kTailBytes = 32UL * 1024;
// How many of an object's last bytes hold its index, read from the last few of them.
result<std::uint64_t> index_tail_bytes(std::string_view tail);
// The index, from at least that many last bytes.
result<std::vector<Frame>> read_index(std::string_view tail);
// The lines of one frame, from its bytes.
result<std::vector<LogLine>> read_frame(std::string_view bytes, const Frame& frame);

}  // namespace mw::run_log
