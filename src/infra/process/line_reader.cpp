#include "infra/process/line_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cstring>
#include <utility>

namespace mw::process {

namespace asio = boost::asio;

LineReader::LineReader(asio::posix::stream_descriptor& source, std::size_t max_bytes)
    : source_(source), max_bytes_(max_bytes) {
}

bool LineReader::take_line() {
    const char* start = buffer_.data() + begin_;
    std::size_t available = end_ - begin_;
    const auto* line_break = static_cast<const char*>(std::memchr(start, '\n', available));
    std::size_t length = line_break ? static_cast<std::size_t>(line_break - start) : available;
    std::size_t room = max_bytes_ - current_.text.size();
    current_.text.append(start, std::min(length, room));
    current_.cut = current_.cut || length > room;
    begin_ += line_break ? length + 1 : length;
    return line_break != nullptr;
}

asio::awaitable<bool> LineReader::fill() {
    boost::system::error_code error;
    end_ = co_await source_.async_read_some(asio::buffer(buffer_),
                                            asio::redirect_error(asio::use_awaitable, error));
    begin_ = 0;
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) end_ = 0;
    co_return end_ > 0;
}

asio::awaitable<std::optional<Line>> LineReader::next() {
    current_ = {};
    while (!ended_) {
        if (begin_ < end_ && take_line()) co_return std::exchange(current_, {});
        if (!co_await fill()) {
            ended_ = true;
            if (!current_.text.empty()) co_return std::exchange(current_, {});
        }
    }
    co_return std::nullopt;
}

}  // namespace mw::process
