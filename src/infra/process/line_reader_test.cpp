#include "infra/process/line_reader.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <vector>

namespace mw::process {
namespace {

namespace asio = boost::asio;

// Feeds the text through a real pipe and reads it back by lines.
std::vector<Line> read_lines(std::string_view text, std::size_t max_bytes) {
    asio::io_context ioc{1};
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    asio::posix::stream_descriptor source(ioc, ends[0]);
    asio::posix::stream_descriptor sink(ioc, ends[1]);
    std::vector<Line> lines;
    asio::co_spawn(
        ioc,
        [&]() -> asio::awaitable<void> {
            co_await asio::async_write(sink, asio::buffer(text), asio::use_awaitable);
            sink.close();
        },
        asio::detached);
    asio::co_spawn(
        ioc,
        [&]() -> asio::awaitable<void> {
            LineReader reader(source, max_bytes);
            while (auto line = co_await reader.next())
                lines.push_back(std::move(*line));
        },
        asio::detached);
    ioc.run();
    return lines;
}

TEST(LineReader, SplitsLinesAndKeepsEmptyOnes) {
    auto lines = read_lines("one\n\nthree\n", 100);
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0].text, "one");
    EXPECT_EQ(lines[1].text, "");
    EXPECT_EQ(lines[2].text, "three");
}

TEST(LineReader, LastLineNeedsNoBreak) {
    auto lines = read_lines("one\ntwo", 100);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[1].text, "two");
    EXPECT_TRUE(read_lines("", 100).empty());
}

TEST(LineReader, LongLineIsCutAndTheNextIsWhole) {
    auto lines = read_lines(std::string(200000, 'x') + "\nshort\n", 1000);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].text.size(), 1000u);
    EXPECT_TRUE(lines[0].cut);
    EXPECT_EQ(lines[1].text, "short");
    EXPECT_FALSE(lines[1].cut);
}

TEST(LineReader, ALineOfExactlyTheLimitIsWhole) {
    auto lines = read_lines("12345\n67890\n", 5);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].text, "12345");
    EXPECT_FALSE(lines[0].cut);
}

TEST(LineReader, ALineAcrossManyReadsIsWhole) {
    std::string text(100000, 'y');
    auto lines = read_lines(text + "\n", 200000);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].text, text);
}

}  // namespace
}  // namespace mw::process
