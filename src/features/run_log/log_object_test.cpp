#include "features/run_log/log_object.hpp"

#include <gtest/gtest.h>

namespace mw::run_log {
namespace {

LogLine line(std::int64_t n) {
    return {n, "2026-01-01T00:00:00.000000Z", n % 3 == 0 ? Level::info : Level::debug,
            "line " + std::to_string(n * 7919)};
}

std::string object_of(std::int64_t lines) {
    LogObjectWriter writer;
    std::string bytes;
    for (std::int64_t n = 1; n <= lines; ++n)
        bytes += writer.add(line(n));
    return bytes + writer.finish();
}

TEST(LogObject, EveryFrameOpensByItself) {
    auto bytes = object_of(20'000);
    auto frames = read_index(bytes);
    ASSERT_TRUE(frames) << frames.error().detail;
    EXPECT_GT(frames->size(), 3u);
    std::int64_t next = 1;
    std::int64_t shown = 0;
    for (const auto& frame : *frames) {
        auto lines = read_frame(std::string_view(bytes).substr(frame.offset, frame.size), frame);
        ASSERT_TRUE(lines) << lines.error().detail;
        for (const auto& each : *lines) {
            EXPECT_EQ(each.n, next);
            EXPECT_EQ(each.text, line(next).text);
            ++next;
        }
        shown += frame.shown_lines;
    }
    EXPECT_EQ(next, 20'001);
    EXPECT_EQ(shown, 20'000 / 3);
}

TEST(LogObject, IsAnOrdinaryZstdFile) {
    auto text = zstd::decompress(object_of(2), 1 << 20);
    ASSERT_TRUE(text) << text.error().detail;
    EXPECT_EQ(*text, R"({"ts":"2026-01-01T00:00:00.000000Z","level":"debug","text":"line 7919"})"
                     "\n"
                     R"({"ts":"2026-01-01T00:00:00.000000Z","level":"debug","text":"line 15838"})"
                     "\n");
}

TEST(LogObject, TheIndexIsReadFromTheEndAlone) {
    auto bytes = object_of(20'000);
    auto tail = std::string_view(bytes).substr(bytes.size() - 16);
    auto needed = index_tail_bytes(tail);
    ASSERT_TRUE(needed) << needed.error().detail;
    EXPECT_LT(*needed, 4096u);
    EXPECT_FALSE(read_index(tail));
    EXPECT_TRUE(read_index(std::string_view(bytes).substr(bytes.size() - *needed)));
}

TEST(LogObject, WithoutLinesIsEmpty) {
    auto frames = read_index(object_of(0));
    ASSERT_TRUE(frames) << frames.error().detail;
    EXPECT_TRUE(frames->empty());
}

TEST(LogObject, DamageIsNoticed) {
    EXPECT_FALSE(read_index(""));
    EXPECT_FALSE(read_index("MWLI"));
    EXPECT_FALSE(read_index("something else altogether"));
    auto bytes = object_of(100);
    EXPECT_FALSE(read_index(std::string_view(bytes).substr(0, bytes.size() - 1)));
    auto frames = read_index(bytes).value();
    auto wrong = frames.front();
    wrong.lines = 99;
    EXPECT_FALSE(read_frame(std::string_view(bytes).substr(0, wrong.size), wrong));
    EXPECT_FALSE(read_frame(std::string_view(bytes).substr(1, wrong.size), frames.front()));
}

}  // namespace
}  // namespace mw::run_log
