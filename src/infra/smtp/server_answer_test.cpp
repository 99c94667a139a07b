#include "infra/smtp/server_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::smtp::detail {
namespace {

using testing::HasSubstr;
using testing::Not;

ServerAnswer after(std::initializer_list<std::string_view> lines) {
    ServerAnswer answer;
    for (auto line : lines)
        answer.take(line);
    return answer;
}

TEST(ServerAnswer, IsTheLastOne) {
    auto answer = after({"250 2.1.0 Ok\r\n", "451 4.3.0 Later\r\n"});
    EXPECT_TRUE(answer.refused_for_now());
    EXPECT_EQ(answer.text({}), "451 4.3.0 Later");
    EXPECT_FALSE(after({"502 no EHLO\r\n", "250 hello\r\n"}).refused());
    EXPECT_EQ(after({"550\r\n"}).text({}), "550");
    EXPECT_FALSE(after({"nonsense\r\n", ""}).refused());
}

TEST(ServerAnswer, MayHaveSeveralLines) {
    auto answer = after({"550-5.1.1 No such\r\n", "550 5.1.1 person\r\n"});
    EXPECT_TRUE(answer.refused());
    EXPECT_FALSE(answer.refused_for_now());
    EXPECT_EQ(answer.text({}), "550 5.1.1 No such 5.1.1 person");
    EXPECT_FALSE(after({"550-5.1.1 No such\r\n"}).refused()) << "it goes on";
}

TEST(ServerAnswer, IsNotTheGoodbye) {
    EXPECT_EQ(after({"550 No\r\n", "221 Bye\r\n"}).text({}), "550 No");
}

TEST(ServerAnswer, IsOneShortLineOfUtf8) {
    EXPECT_EQ(after({"550 a\x1B[31mb\tc\x7F\r\n"}).text({}), "550 a[31mbc");
    EXPECT_EQ(after({"550 caf\xE9\r\n"}).text({}), "550 caf\xEF\xBF\xBD");
    std::string many = "x";
    for (int i = 0; i < 500; ++i)
        many += "ü";
    auto shown = after({"550 " + many + "\r\n"}).text({});
    EXPECT_EQ(shown.size(), 299U);
    EXPECT_TRUE(shown.ends_with("ü"));
    ServerAnswer endless;
    for (int i = 0; i < 10'000; ++i)
        endless.take("550-" + many);
    endless.take("550 end");
    EXPECT_EQ(endless.text({}), shown);
}

TEST(ServerAnswer, DoesNotShowThePassword) {
    MailServer server;
    server.user = "ann";
    server.password = Secret("hunter2");
    for (auto echo : {"535 hunter2?\r\n", "535 aHVudGVyMg==\r\n", "535 AGFubgBodW50ZXIy\r\n"})
        EXPECT_EQ(after({echo}).text(server), "535") << echo;
    EXPECT_EQ(after({"535 UGFzc3dvcmQ6\r\n"}).text(server), "535 UGFzc3dvcmQ6");
}

}  // namespace
}  // namespace mw::smtp::detail
