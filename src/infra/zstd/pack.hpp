// Many small files in one, each to be read by itself.
//
//   <zstd frame of a file>… <zstd frame of the index> <offset of the index, 8 bytes, little endian>
//   "MWPACK01"
//
// The index is JSON: [["models/a.sql", offset, stored bytes, bytes], …].
//
// Blocking file calls. Errors: `unavailable` when a file cannot be read or written;
// `invalid_argument` for a pack that is none, with the reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace mw::pack {

// The most that a packed file may hold: it is unpacked in memory.
inline constexpr std::uint64_t kFileBytesMax = 1024UL * 1024;
inline constexpr std::size_t kFilesMax = 20'000;

struct Entry {
    std::string path;
    std::uint64_t offset = 0;
    std::uint64_t stored_bytes = 0;
    std::uint64_t bytes = 0;
    friend bool operator==(const Entry&, const Entry&) = default;
};

class Writer {
  public:
    // Replaces what is there.
    static result<Writer> create(const std::filesystem::path& file);

    // `limit_exceeded` beyond kFileBytesMax or kFilesMax.
    result<> add(std::string path, std::string_view content);
    result<> finish();

    std::size_t files() const { return entries_.size(); }

  private:
    explicit Writer(UniqueFd file) : file_(std::move(file)) {}
    result<> write(std::string_view bytes);

    UniqueFd file_;
    std::uint64_t offset_ = 0;
    std::vector<Entry> entries_;
};

// Every range lies in the pack, every size is within the limits, no path is there twice.
result<std::vector<Entry>> read_index(const std::filesystem::path& file);

// The content of one file from its stored bytes.
result<std::string> unpack(std::string_view stored, std::uint64_t bytes);

}  // namespace mw::pack
