// Lines from a pipe or another descriptor, as a coroutine.
//
//   LineReader lines(child.out(), 64 * 1024);
//   while (auto line = co_await lines.next()) use(line->text);
//
// A longer line than the limit is cut there and says so; its rest is dropped up to the next
// line break, so memory is bounded whatever the other side prints. Text after the last line
// break is a line too. A read error counts as the end. Cancelling throws, as in all of Asio.
// Thread: the descriptor's.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <optional>
#include <string>

namespace mw::process {

struct Line {
    std::string text;  // without the line break
    bool cut = false;
};

class LineReader {
  public:
    // The descriptor must outlive the reader.
    LineReader(boost::asio::posix::stream_descriptor& source, std::size_t max_bytes);

    // Empty at the end of the stream.
    boost::asio::awaitable<std::optional<Line>> next();

  private:
    // Takes bytes of the buffer up to and with a line break; true when there was one.
    bool take_line();
    boost::asio::awaitable<bool> fill();

    boost::asio::posix::stream_descriptor& source_;
    std::size_t max_bytes_;
    Line current_;
    bool ended_ = false;
    std::array<char, 16 * 1024> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace mw::process
