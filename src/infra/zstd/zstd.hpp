// Zstandard compression in pieces.
//
// Errors: damaged input, and output beyond the limit that the caller set, are `internal`: what is
// opened here, the product itself wrote. One object is for one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw::zstd {

class Compressor {
  public:
    explicit Compressor(int level = 3);
    ~Compressor();
    Compressor(Compressor&&) noexcept;
    Compressor& operator=(Compressor&&) noexcept;

    // What there is of the compressed frame so far; often empty.
    std::string write(std::string_view bytes);
    // The rest of the frame. The next write begins a new one.
    std::string end_frame();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

class Decompressor {
  public:
    // At most `output_max` bytes in all.
    explicit Decompressor(std::size_t output_max);
    ~Decompressor();
    Decompressor(Decompressor&&) noexcept;
    Decompressor& operator=(Decompressor&&) noexcept;

    result<std::string> write(std::string_view bytes);
    // Whether the input so far ended with the end of a frame.
    bool at_frame_end() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// One frame of the whole.
std::string compress(std::string_view bytes);
// One or more whole frames.
result<std::string> decompress(std::string_view frames, std::size_t output_max);

// A frame that holds `bytes` and decompresses to nothing.
std::string skippable_frame(std::string_view bytes);
// How many bytes a skippable frame has before what it holds.
inline constexpr std::size_t kSkippableHeaderBytes = 8;

}  // namespace mw::zstd
