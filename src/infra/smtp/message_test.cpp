#include "infra/smtp/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::smtp {
namespace {

using testing::HasSubstr;
using testing::Not;

Message a_message() {
    Message message;
    message.from_address = "millwright@example.com";
    message.from_name = "Millwright";
    message.to = "ann@example.org";
    message.subject = "Run 7 failed";
    message.text = "It failed.\n";
    message.html = "<p>It failed.</p>\n";
    message.message_id = "7f-1@example.com";
    message.date = *parse_time("2024-05-07T10:42:09.9Z");
    return message;
}

std::string built(const Message& message) {
    auto mail = to_rfc5322(message);
    EXPECT_TRUE(mail) << mail.error().message;
    return mail.value_or("");
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t end = 0; (end = text.find("\r\n")) != text.npos; text.remove_prefix(end + 2))
        lines.emplace_back(text.substr(0, end));
    EXPECT_EQ(text, "");
    return lines;
}

std::string base64_decoded(std::string_view text) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned held = 0;
    int bits = 0;
    for (char c : text) {
        if (c == '=') break;
        held = held << 6 | static_cast<unsigned>(kAlphabet.find(c));
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(held >> bits & 0xFF);
    }
    return bytes;
}

// What a reader sees of a header: unfolded, its encoded words decoded and joined.
std::string header(const std::string& mail, const std::string& name) {
    auto begin = ("\r\n" + mail).find("\r\n" + name + ": ");
    if (begin == std::string::npos) return "(none)";
    begin += name.size() + 2;
    auto end = begin;
    do
        end = mail.find("\r\n", end + 1);
    while (mail[end + 2] == ' ');
    std::string text;
    bool after_word = false;
    for (auto rest = mail.substr(begin, end - begin); !rest.empty();) {
        if (rest.starts_with("=?UTF-8?B?")) {
            auto length = rest.find("?=", 10) + 2;
            EXPECT_LE(length, 75U);
            auto word = base64_decoded(rest.substr(10, length - 12));
            EXPECT_NE(static_cast<unsigned char>(word[0]) & 0xC0, 0x80) << "a character is split";
            text += word;
            rest.erase(0, length);
            after_word = true;
        } else if (rest.starts_with("\r\n")) {
            rest.erase(0, after_word && rest.substr(2).starts_with(" =?") ? 3 : 2);
        } else {
            text += rest[0];
            rest.erase(0, 1);
            after_word = false;
        }
    }
    return text;
}

// The content of the part of this type.
std::string content(const std::string& mail, const std::string& type) {
    auto begin = mail.find("Content-Type: " + type);
    EXPECT_NE(begin, std::string::npos);
    begin = mail.find("\r\n\r\n", begin) + 4;
    std::string text;
    for (auto rest = mail.substr(begin, mail.find("\r\n--=_", begin) - begin); !rest.empty();) {
        if (rest.starts_with("=\r\n")) {
            rest.erase(0, 3);
        } else if (rest[0] == '=') {
            text += static_cast<char>(std::stoi(rest.substr(1, 2), nullptr, 16));
            rest.erase(0, 3);
        } else {
            text += rest[0];
            rest.erase(0, 1);
        }
    }
    return text;
}

TEST(MailMessage, IsThisText) {
    EXPECT_EQ(built(a_message()),
              "From: Millwright <millwright@example.com>\r\n"
              "To: ann@example.org\r\n"
              "Subject: Run 7 failed\r\n"
              "Date: Tue, 7 May 2024 10:42:09 +0000\r\n"
              "Message-ID: <7f-1@example.com>\r\n"
              "MIME-Version: 1.0\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "Content-Type: multipart/alternative;\r\n"
              " boundary=\"=_millwright_alternative\"\r\n"
              "\r\n"
              "--=_millwright_alternative\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "\r\n"
              "It failed.\r\n"
              "\r\n"
              "--=_millwright_alternative\r\n"
              "Content-Type: text/html; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "\r\n"
              "<p>It failed.</p>\r\n"
              "\r\n"
              "--=_millwright_alternative--\r\n");
}

TEST(MailMessage, WithoutHtmlHasNoEmptyPartThatWouldBeShown) {
    auto message = a_message();
    message.html.clear();
    EXPECT_THAT(built(message), Not(HasSubstr("text/html")));
    EXPECT_EQ(content(built(message), "text/plain"), "It failed.\r\n");
}

TEST(MailMessage, NamesTheUrlToUnsubscribe) {
    auto message = a_message();
    EXPECT_EQ(header(built(message), "List-Unsubscribe"), "(none)");
    message.unsubscribe_url = "https://mw.example/u/1?a=b";
    EXPECT_EQ(header(built(message), "List-Unsubscribe"), "<https://mw.example/u/1?a=b>");
    EXPECT_EQ(header(built(message), "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
}

TEST(MailMessage, SaysWhoItIsFromInAnySpelling) {
    auto from = [](std::string name) {
        auto message = a_message();
        message.from_name = std::move(name);
        auto mail = built(message);
        return mail.substr(0, mail.find("\r\nTo: "));
    };
    EXPECT_EQ(from(""), "From: millwright@example.com");
    EXPECT_EQ(from("Acme Data & Co"), "From: Acme Data & Co <millwright@example.com>");
    EXPECT_EQ(from(R"(Acme, "the" \ Co.)"),
              R"(From: "Acme, \"the\" \\ Co." <millwright@example.com>)");
    EXPECT_EQ(from("ann@evil.example>"), R"(From: "ann@evil.example>" <millwright@example.com>)");
    EXPECT_EQ(from("Mühle"), "From: =?UTF-8?B?TcO8aGxl?= <millwright@example.com>");
    // What looks like an encoded word is not to be decoded.
    EXPECT_EQ(from("=?x"), "From: =?UTF-8?B?PT94?= <millwright@example.com>");
    for (const auto& name : {std::string(300, 'x'), std::string("Mühlenbau und Datenbetrieb "
                                                                "Müller & Söhne, Köln am Rhein")}) {
        for (const auto& line : lines_of(from(name) + "\r\n"))
            EXPECT_LE(line.size(), 76U);
        EXPECT_EQ(header(from(name) + "\r\nTo: x", "From"), name + " <millwright@example.com>");
    }
}

TEST(MailMessage, FoldsItsSubjectAndGivesItBack) {
    std::string many = "Lauf 12 ist fehlgeschlagen: ";
    for (int i = 0; i < 40; ++i)
        many += "ß→😀x";
    std::string words;
    for (int i = 0; i < 60; ++i)
        words += (i ? " word" : "word") + std::to_string(i * i);
    for (const auto& subject :
         {many, words, std::string("ü"), std::string(900, 'a'), std::string("a =?UTF-8?B?eA==?= b"),
          std::string(" blanks  at all places "), std::string("€") + std::string(100, 'b')}) {
        auto message = a_message();
        message.subject = subject;
        auto mail = built(message);
        EXPECT_EQ(header(mail, "Subject"), subject);
        for (const auto& line : lines_of(mail))
            EXPECT_LE(line.size(), 76U) << line;
    }
    auto message = a_message();
    message.subject = words;
    EXPECT_THAT(built(message), Not(HasSubstr("=?"))) << "ASCII is folded as it is";
    message.subject = "";
    EXPECT_THAT(built(message), HasSubstr("\r\nSubject: \r\nDate: "));
}

TEST(MailMessage, TakesNoHeaderFromAValue) {
    std::vector<std::pair<std::string, std::string Message::*>> fields{
        {"from_address", &Message::from_address},
        {"from_name", &Message::from_name},
        {"to", &Message::to},
        {"subject", &Message::subject},
        {"message_id", &Message::message_id}};
    for (const auto& [name, field] : fields)
        for (const auto& bad :
             {std::string("\r\nBcc: eve@evil.example"), std::string("\n"), std::string("\r"),
              std::string(1, '\0'), std::string("\t"), std::string("\x1B"), std::string("\x7F")}) {
            auto message = a_message();
            (message.*field).insert(3, bad);
            auto mail = to_rfc5322(message);
            ASSERT_FALSE(mail) << name;
            EXPECT_EQ(mail.error().code, Errc::invalid_argument);
            EXPECT_THAT(mail.error().message, HasSubstr(name));
            ASSERT_EQ(mail.error().fields.size(), 1U);
            EXPECT_EQ(mail.error().fields[0].field, name);
        }
    for (auto url : {"https://x\r\nBcc: eve@evil.example", "https://x\n", "https://x>",
                     "https://x y", "https://ü", "", "https://x\x7F"}) {
        auto message = a_message();
        message.unsubscribe_url = url;
        auto mail = to_rfc5322(message);
        ASSERT_FALSE(mail) << url;
        EXPECT_THAT(mail.error().message, HasSubstr("unsubscribe_url"));
    }
}

TEST(MailMessage, TakesNoBrokenUtf8InItsHeaders) {
    auto message = a_message();
    message.subject = "cut \xC3";
    EXPECT_THAT(to_rfc5322(message).error().message, HasSubstr("subject: is not valid UTF-8"));
}

TEST(MailMessage, SaysThatAddressesAreAscii) {
    auto message = a_message();
    message.to = "jörg@example.org";
    EXPECT_THAT(to_rfc5322(message).error().message, HasSubstr("beyond ASCII"));
    message.to = "ann";
    EXPECT_EQ(to_rfc5322(message).error().message, "to: is not a mail address");
}

TEST(MailMessage, CarriesAnyTextInShortLines) {
    auto message = a_message();
    message.text = ".\n..dots\nblank at end \ntab\t\r\n\r\na=b --=_millwright_alternative\n" +
                   std::string(3000, 'x') + "\nüß😀" + std::string(2000, ' ') + "lone\rCR, " +
                   std::string(1, '\0') + " end";
    message.html = "--=_millwright_alternative--\n<p style=\"x\">ü</p>" + std::string(80, '=');
    auto mail = built(message);
    EXPECT_EQ(content(mail, "text/plain"),
              ".\r\n..dots\r\nblank at end \r\ntab\t\r\n\r\na=b --=_millwright_alternative\r\n" +
                  std::string(3000, 'x') + "\r\nüß😀" + std::string(2000, ' ') + "lone\rCR, " +
                  std::string(1, '\0') + " end");
    EXPECT_EQ(content(mail, "text/html"),
              "--=_millwright_alternative--\r\n<p style=\"x\">ü</p>" + std::string(80, '='));
    int boundaries = 0;
    for (const auto& line : lines_of(mail)) {
        EXPECT_LE(line.size(), 76U);
        EXPECT_EQ(line.find_first_of(std::string_view("\r\n\0", 3)), line.npos);
        EXPECT_FALSE(line.ends_with(' ') || line.ends_with('\t')) << line;
        EXPECT_TRUE(std::ranges::all_of(line, [](unsigned char c) { return c < 0x7F; }));
        boundaries += line.starts_with("--=_millwright_alternative");
    }
    EXPECT_EQ(boundaries, 3);
    // Doubling the dots is the sender's part.
    EXPECT_THAT(mail, HasSubstr("\r\n\r\n.\r\n..dots\r\n"));
}

TEST(MailMessage, BreaksLinesAtTheLastPlace) {
    for (std::size_t length = 70; length < 160; ++length) {
        auto message = a_message();
        message.text = std::string(length, 'x') + "\n" + std::string(length, '=');
        auto mail = built(message);
        EXPECT_EQ(content(mail, "text/plain"),
                  std::string(length, 'x') + "\r\n" + std::string(length, '='));
        for (const auto& line : lines_of(mail))
            EXPECT_LE(line.size(), 76U);
    }
}

TEST(MailMessage, HasTheDateInTheFormOfMail) {
    auto date = [](const char* at) {
        auto message = a_message();
        message.date = *parse_time(at);
        return header(built(message), "Date");
    };
    EXPECT_EQ(date("2024-02-29T23:59:59.999999Z"), "Thu, 29 Feb 2024 23:59:59 +0000");
    EXPECT_EQ(date("2025-12-31T00:00:00Z"), "Wed, 31 Dec 2025 00:00:00 +0000");
    EXPECT_EQ(date("2023-01-01T01:02:03Z"), "Sun, 1 Jan 2023 01:02:03 +0000");
}

TEST(MailAddress, IsOneMailbox) {
    for (auto text : {"a@b", "ann.lee+dbt@mail.example.org", "o'neil@x.example", "a@[10.0.0.1]",
                      "a@[IPv6:fd00::1]"})
        EXPECT_TRUE(is_address(text)) << text;
    for (auto text :
         {"",        "@",       "a@",    "@b",      "a",      "a@b@c",   "a b@c", "a@b ",
          "a@b,c@d", "a@b;",    "<a@b>", "\"a\"@b", "a(x)@b", "a\\@b",   "a:b@c", "a@b:25",
          "a@[]",    "a@[[x]]", "a\r@b", "a@b\n",   "a\t@b",  "a\x7F@b", "ä@b",   "a@ä"})
        EXPECT_FALSE(is_address(text)) << text;
    EXPECT_FALSE(is_address(std::string_view("a\0@b", 4)));
    EXPECT_TRUE(is_address("a@" + std::string(318, 'b')));
    EXPECT_FALSE(is_address("a@" + std::string(319, 'b')));
}

}  // namespace
}  // namespace mw::smtp
