#include "infra/http/server/encoding.hpp"

#include <gtest/gtest.h>

#include "infra/zstd/zstd.hpp"

namespace mw::http {
namespace {

Response answer(std::string body, std::string type = "application/json") {
    Response response;
    response.headers["content-type"] = std::move(type);
    response.body = std::move(body);
    return response;
}

TEST(Encoding, IsTheBestThatIsTaken) {
    EXPECT_EQ(chosen_encoding(""), Encoding::plain);
    EXPECT_EQ(chosen_encoding("identity, br"), Encoding::plain);
    EXPECT_EQ(chosen_encoding("gzip, deflate"), Encoding::gzip);
    EXPECT_EQ(chosen_encoding("GZIP"), Encoding::gzip);
    EXPECT_EQ(chosen_encoding("gzip;q=1.0, zstd;q=0.5"), Encoding::zstd);
    EXPECT_EQ(chosen_encoding("zstd;q=0, gzip;q=0.0"), Encoding::plain);
    EXPECT_EQ(chosen_encoding("x-gzip, ,;"), Encoding::plain);
}

TEST(Encoding, ATextThatIsWorthItIsPacked) {
    std::string text(10'000, 'x');
    auto packed = answer(text);
    encode(packed, "gzip, zstd");
    EXPECT_EQ(packed.headers["content-encoding"], "zstd");
    EXPECT_EQ(packed.headers["vary"], "Accept-Encoding");
    EXPECT_LT(packed.body.size(), 200U);
    EXPECT_EQ(zstd::Decompressor(20'000).write(packed.body).value(), text);
    auto gzipped = answer(text);
    encode(gzipped, "gzip");
    EXPECT_EQ(gzipped.headers["content-encoding"], "gzip");
    EXPECT_EQ(gzipped.body.substr(0, 2), "\x1F\x8B");
}

TEST(Encoding, WhatIsSmallEncodedOrNoTextIsLeft) {
    std::string text(10'000, 'x');
    for (auto response : {answer("small"), answer(text, "application/zip")}) {
        auto before = response.body;
        encode(response, "gzip");
        EXPECT_EQ(response.body, before);
        EXPECT_FALSE(response.headers.contains("content-encoding"));
    }
    auto already = answer(text);
    already.headers["content-encoding"] = "br";
    encode(already, "gzip");
    EXPECT_EQ(already.body, text);
    auto part = answer(text);
    part.headers["content-range"] = "bytes 0-9999/20000";
    encode(part, "gzip");
    EXPECT_EQ(part.body, text);
    auto plain = answer(text);
    encode(plain, "");
    EXPECT_EQ(plain.body, text);
    EXPECT_EQ(plain.headers["vary"], "Accept-Encoding");
}

}  // namespace
}  // namespace mw::http
