#include "infra/crypto/totp.hpp"

#include <gtest/gtest.h>

namespace mw::crypto {
namespace {

const Secret kRfc("12345678901234567890");

Timestamp at(std::int64_t seconds) {
    return Timestamp{std::chrono::seconds(seconds)};
}

// RFC 4226, appendix D.
TEST(Totp, CodesOfTheStandardByCount) {
    const char* codes[] = {"755224", "287082", "359152", "969429", "338314",
                           "254676", "287922", "162583", "399871", "520489"};
    for (int count = 0; count < 10; ++count)
        EXPECT_EQ(totp_code(kRfc, count), codes[count]);
}

// RFC 6238, appendix B, the last six digits.
TEST(Totp, CodesOfTheStandardByTime) {
    EXPECT_EQ(totp_code(kRfc, totp_step(at(59))), "287082");
    EXPECT_EQ(totp_code(kRfc, totp_step(at(1111111109))), "081804");
    EXPECT_EQ(totp_code(kRfc, totp_step(at(1234567890))), "005924");
    EXPECT_EQ(totp_code(kRfc, totp_step(at(20000000000))), "353130");
}

TEST(Totp, ACodeFitsTheStepsBesideItAndOnce) {
    auto now = at(1234567890);
    auto step = totp_step(now);
    for (int off : {-1, 0, 1})
        EXPECT_EQ(matching_totp_step(kRfc, totp_code(kRfc, step + off), now, 0), step + off);
    for (int off : {-2, 2})
        EXPECT_FALSE(matching_totp_step(kRfc, totp_code(kRfc, step + off), now, 0));
    EXPECT_FALSE(matching_totp_step(kRfc, totp_code(kRfc, step), now, step)) << "used already";
    for (const char* code : {"", "5924", "0059245", "00592a", " 005924"})
        EXPECT_FALSE(matching_totp_step(kRfc, code, now, 0)) << code;
}

// RFC 4648, section 10, without the padding.
TEST(Totp, Base32) {
    EXPECT_EQ(base32(""), "");
    EXPECT_EQ(base32("f"), "MY");
    EXPECT_EQ(base32("fo"), "MZXQ");
    EXPECT_EQ(base32("foo"), "MZXW6");
    EXPECT_EQ(base32("foob"), "MZXW6YQ");
    EXPECT_EQ(base32("fooba"), "MZXW6YTB");
    EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
}

TEST(Totp, TheAddressForApps) {
    EXPECT_EQ(totp_uri(kRfc, "Mill & Co", "ann@example.com"),
              "otpauth://totp/Mill%20%26%20Co:ann%40example.com?secret="
              "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Mill%20%26%20Co");
}

}  // namespace
}  // namespace mw::crypto
