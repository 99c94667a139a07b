#include "infra/zstd/zstd.hpp"

#include <gtest/gtest.h>

namespace mw::zstd {
namespace {

std::string many_lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "line " + std::to_string(i * 7919) + "\n";
    return text;
}

TEST(Zstd, GivesBackWhatItTook) {
    for (const auto& text : {std::string(), std::string("x"), many_lines(50'000)}) {
        auto packed = compress(text);
        auto opened = decompress(packed, text.size());
        ASSERT_TRUE(opened) << opened.error().detail;
        EXPECT_EQ(*opened, text);
    }
    EXPECT_LT(compress(many_lines(50'000)).size(), many_lines(50'000).size() / 2);
}

TEST(Zstd, FramesOfOneCompressorOpenAlone) {
    Compressor compressor;
    auto first = compressor.write("one") + compressor.end_frame();
    auto second = compressor.write("two") + compressor.end_frame();
    EXPECT_EQ(decompress(first, 100).value(), "one");
    EXPECT_EQ(decompress(second, 100).value(), "two");
    EXPECT_EQ(decompress(first + second, 100).value(), "onetwo");
}

TEST(Zstd, InputMayComeByteByByte) {
    auto packed = compress(many_lines(1000));
    Decompressor decompressor(1 << 20);
    std::string text;
    for (char c : packed) {
        auto piece = decompressor.write({&c, 1});
        ASSERT_TRUE(piece);
        text += *piece;
    }
    EXPECT_TRUE(decompressor.at_frame_end());
    EXPECT_EQ(text, many_lines(1000));
}

TEST(Zstd, SkippableFramesHoldNothingForTheReader) {
    auto packed = compress("shown") + skippable_frame("hidden");
    EXPECT_EQ(decompress(packed, 100).value(), "shown");
    EXPECT_EQ(packed.substr(packed.size() - 6), "hidden");
}

TEST(Zstd, RefusesWhatIsDamagedCutOrTooLarge) {
    auto packed = compress(many_lines(1000));
    auto cut = decompress(packed.substr(0, packed.size() - 3), 1 << 20);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, Errc::internal);

    auto flipped = packed;
    flipped[packed.size() / 2] = static_cast<char>(flipped[packed.size() / 2] ^ 0x55);
    EXPECT_FALSE(decompress(flipped, 1 << 20));
    EXPECT_FALSE(decompress("not zstd at all", 100));

    // A bomb: little in, much out.
    auto bomb = compress(std::string(10'000'000, 'a'));
    EXPECT_LT(bomb.size(), 10'000u);
    EXPECT_FALSE(decompress(bomb, 1000));
}

}  // namespace
}  // namespace mw::zstd
