// Against a double: a few verbs of SMTP over a real socket, with real TLS, in this process. It
// shows what is said and how answers are understood, not that any product's server takes our mail.
#include "infra/smtp/mail_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "infra/smtp/message.hpp"

namespace mw::smtp {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPassword = "hunter2-very-secret";

// A certificate for this one name ("IP:127.0.0.1") that nobody but `file` vouches for.
class Certificate {
  public:
    explicit Certificate(const std::string& name) : key_(EVP_EC_gen("P-256")), cert_(X509_new()) {
        auto* cert = cert_.get();
        X509_set_version(cert, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
        X509_gmtime_adj(X509_getm_notBefore(cert), -60L * 60);
        X509_gmtime_adj(X509_getm_notAfter(cert), 60L * 60);
        auto* subject = X509_get_subject_name(cert);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("double"), -1, -1, 0);
        X509_set_issuer_name(cert, subject);
        X509_set_pubkey(cert, key_.get());
        auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name.c_str());
        X509_add_ext(cert, names, -1);
        X509_EXTENSION_free(names);
        X509_sign(cert, key_.get(), EVP_sha256());
        auto* out = std::fopen(file_.c_str(), "w");
        PEM_write_X509(out, cert);
        std::fclose(out);
    }
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;
    ~Certificate() { std::filesystem::remove(file_); }

    const std::string& file() const { return file_; }
    void use_in(asio::ssl::context& context) const {
        SSL_CTX_use_certificate(context.native_handle(), cert_.get());
        SSL_CTX_use_PrivateKey(context.native_handle(), key_.get());
    }

  private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
        void operator()(X509* cert) const { X509_free(cert); }
    };
    std::unique_ptr<EVP_PKEY, Free> key_;
    std::unique_ptr<X509, Free> cert_;
    std::string file_ =
        std::filesystem::temp_directory_path() / ("smtp-test-" + std::to_string(::getpid()));
};

struct Script {
    // Instead of the usual answer to a verb; "greeting" before the first, "." after a mail's end.
    std::map<std::string, std::string> answers = {};
    std::string greeting_lines = {};  // what EHLO offers, such as "250-STARTTLS\r\n"
    std::string lines_in_tls = {};
    bool tls_at_once = false;
    const Certificate* certificate = nullptr;
};

// Serves one connection and keeps what it heard.
class SmtpServerDouble {
  public:
    explicit SmtpServerDouble(Script script)
        : script_(std::move(script)), thread_([this] { serve(); }) {}
    SmtpServerDouble(const SmtpServerDouble&) = delete;
    SmtpServerDouble& operator=(const SmtpServerDouble&) = delete;
    ~SmtpServerDouble() { stop(); }

    int port() const { return port_; }
    // All that was said, once the client is gone; "(TLS)" where TLS began.
    const std::vector<std::string>& commands() {
        stop();
        return commands_;
    }
    const std::string& mail() {
        stop();
        return mail_;
    }

  private:
    void stop() {
        if (!thread_.joinable()) return;
        // Wakes `accept`, if nobody came; a connection that is open goes on.
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
        thread_.join();
    }

    void serve() {
        boost::system::error_code error;
        tcp::socket socket(context_);
        acceptor_.accept(socket, error);
        if (error) return;
        if (!script_.tls_at_once && !converse(socket, script_.greeting_lines, true)) return;
        asio::ssl::context tls(asio::ssl::context::tls_server);
        script_.certificate->use_in(tls);
        asio::ssl::stream<tcp::socket&> stream(socket, tls);
        stream.handshake(asio::ssl::stream_base::server, error);
        if (error) return;
        commands_.emplace_back("(TLS)");
        converse(stream, script_.lines_in_tls, script_.tls_at_once);
    }

    // True when TLS is to begin.
    template <class Stream>
    bool converse(Stream& stream, const std::string& offers, bool greets) {
        std::string held;
        auto read_to = [&](std::string_view end) {
            boost::system::error_code error;
            auto size = asio::read_until(stream, asio::dynamic_buffer(held), end, error);
            if (error) return std::optional<std::string>();
            auto text = held.substr(0, size - end.size());
            held.erase(0, size);
            return std::optional(text);
        };
        auto say = [&](const std::string& verb, const std::string& usual) {
            auto found = script_.answers.find(verb);
            auto answer = found == script_.answers.end() ? usual : found->second;
            boost::system::error_code ignored;
            asio::write(stream, asio::buffer(answer.empty() ? answer : answer + "\r\n"), ignored);
            return answer == usual;
        };
        if (greets) say("greeting", "220 double ESMTP");
        while (auto line = read_to("\r\n")) {
            commands_.push_back(*line);
            auto verb = line->substr(0, line->find(' '));
            if (verb == "EHLO") {
                say(verb, "250-double\r\n" + offers + "250 8BITMIME");
            } else if (verb == "STARTTLS") {
                if (say(verb, "220 go on")) return true;
            } else if (verb == "AUTH") {
                say("", "334 ");
                commands_.push_back(read_to("\r\n").value_or(""));
                say(verb, "235 welcome");
            } else if (verb == "DATA") {
                if (!say(verb, "354 go on")) continue;
                // The mail's last line end is one of the two of "\r\n.\r\n".
                mail_ = undotted(read_to("\r\n.\r\n").value_or("") + "\r\n");
                say(".", "250 taken");
            } else if (verb == "QUIT") {
                say(verb, "221 bye");
                return false;
            } else {
                say(verb, "250 ok");
            }
        }
        return false;
    }

    static std::string undotted(std::string text) {
        for (std::size_t at = 0; (at = text.find("\r\n..", at)) != text.npos; at += 3)
            text.erase(at + 2, 1);
        return text;
    }

    Script script_;
    std::vector<std::string> commands_;
    std::string mail_;
    asio::io_context context_;
    tcp::acceptor acceptor_{context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    int port_ = acceptor_.local_endpoint().port();
    std::thread thread_;
};

MailServer at(const SmtpServerDouble& double_, Security security = Security::none) {
    MailServer server;
    server.host = "127.0.0.1";
    server.port = double_.port();
    server.security = security;
    server.helo_name = "mw.example";
    return server;
}

result<> send_something(const MailServer& server) {
    return send(server, "mw@example.com", "ann@example.org", "Subject: x\r\n\r\nx\r\n");
}

Error refusal(Script script) {
    SmtpServerDouble double_(std::move(script));
    auto sent = send_something(at(double_));
    return sent ? Error{Errc::internal, "it was sent"} : sent.error();
}

TEST(SmtpAgainstADouble, MailArrivesByteForByte) {
    Message message;
    message.from_address = "mw@example.com";
    message.to = "ann@example.org";
    message.subject = "Grüße";
    message.message_id = "1@example.com";
    message.text = ".\n..\n.x\n" + std::string(100'000, '.') + "\n";
    for (int i = 0; i < 5000; ++i)
        message.html += "<p>Zeile " + std::to_string(i) + " ü</p>\n.\n";
    auto mail = to_rfc5322(message).value();
    SmtpServerDouble double_({});
    auto sent = send(at(double_), "mw@example.com", "ann@example.org", mail);
    EXPECT_TRUE(sent) << sent.error().message;
    EXPECT_EQ(double_.mail(), mail);
    EXPECT_THAT(double_.commands(), ElementsAre("EHLO mw.example", "MAIL FROM:<mw@example.com>",
                                                "RCPT TO:<ann@example.org>", "DATA", "QUIT"));
}

TEST(SmtpAgainstADouble, WhatItRefusesForGoodIsTheCallersFault) {
    for (auto verb : {"MAIL", "RCPT", "DATA", ".", "greeting"}) {
        auto error = refusal({.answers = {{verb, "550-5.1.1 Nobody of\r\n550 5.1.1 that name"}}});
        EXPECT_EQ(error.code, Errc::invalid_argument) << verb;
        EXPECT_EQ(error.message,
                  "The mail server 127.0.0.1 refused: 550 5.1.1 Nobody of 5.1.1 that name")
            << verb;
    }
}

TEST(SmtpAgainstADouble, WhatItRefusesForNowMayBeTriedAgain) {
    for (auto verb : {"MAIL", "RCPT", "DATA", ".", "greeting"}) {
        auto error = refusal({.answers = {{verb, "451 4.7.1 Greylisted"}}});
        EXPECT_EQ(error.code, Errc::unavailable) << verb;
        EXPECT_EQ(error.message, "The mail server 127.0.0.1 refused for now: 451 4.7.1 Greylisted")
            << verb;
    }
}

TEST(SmtpAgainstADouble, OneThatTalksNonsenseOrNotAtAllMayBeTriedAgain) {
    for (auto* greeting : {"", "Hello, who is there?"}) {
        SmtpServerDouble double_({.answers = {{"greeting", greeting}}});
        auto server = at(double_);
        server.timeout = std::chrono::seconds(1);
        auto sent = send_something(server);
        ASSERT_FALSE(sent);
        EXPECT_EQ(sent.error().code, Errc::unavailable);
        EXPECT_THAT(sent.error().message, HasSubstr("did not answer in time"));
    }
    SmtpServerDouble leaving(
        {.answers = {{"EHLO", "421 4.3.2 Going down"}, {"HELO", "421 4.3.2 Going down"}}});
    auto sent = send_something(at(leaving));
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::unavailable);
}

TEST(SmtpAgainstADouble, NobodyThereMayBeTriedAgain) {
    auto server = [] { return at(SmtpServerDouble({})); }();
    for (const auto& done : {send_something(server), check(server)}) {
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, Errc::unavailable);
        EXPECT_THAT(done.error().message, HasSubstr("127.0.0.1 cannot be reached"));
    }
}

TEST(SmtpAgainstADouble, NothingIsSentWithoutStarttls) {
    for (auto* answer : {"", "454 TLS not available", "502 what?"}) {
        // Not offered, or offered and refused.
        bool offered = *answer != '\0';
        SmtpServerDouble double_({.answers = {{"STARTTLS", answer}},
                                  .greeting_lines = offered ? "250-STARTTLS\r\n" : ""});
        auto server = at(double_, Security::starttls);
        server.user = "ann";
        server.password = Secret(kPassword);
        auto sent = send_something(server);
        ASSERT_FALSE(sent);
        EXPECT_EQ(sent.error().code, Errc::unavailable);
        EXPECT_THAT(sent.error().message, HasSubstr("offers no STARTTLS"));
        EXPECT_THAT(sent.error().message, HasSubstr(answer));
        for (const auto& command : double_.commands())
            EXPECT_TRUE(command.starts_with("EHLO") || command == "STARTTLS" || command == "QUIT")
                << command;
    }
}

TEST(SmtpAgainstADouble, NoPasswordGoesWithoutTls) {
    SmtpServerDouble double_({.greeting_lines = "250-AUTH PLAIN LOGIN\r\n"});
    auto server = at(double_);
    server.user = "ann";
    server.password = Secret(kPassword);
    for (const auto& done : {send_something(server), check(server)}) {
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, Errc::invalid_argument);
        EXPECT_THAT(done.error().message, HasSubstr("without TLS"));
    }
    EXPECT_THAT(double_.commands(), ElementsAre());
}

// The same by STARTTLS and by TLS at once.
class SmtpWithTlsAgainstADouble : public testing::TestWithParam<Security> {
  protected:
    Script script(const Certificate& certificate) const {
        return {.greeting_lines = "250-STARTTLS\r\n250-AUTH PLAIN\r\n",
                .lines_in_tls = "250-AUTH GSSAPI NTLM CRAM-MD5 LOGIN PLAIN\r\n",
                .tls_at_once = GetParam() == Security::tls,
                .certificate = &certificate};
    }
    MailServer signed_in(const SmtpServerDouble& double_) const {
        auto server = at(double_, GetParam());
        server.ca_file = trusted_.file();
        server.user = "ann@example.com";
        server.password = Secret(kPassword);
        return server;
    }
    Certificate trusted_{"IP:127.0.0.1"};
};

INSTANTIATE_TEST_SUITE_P(All, SmtpWithTlsAgainstADouble,
                         testing::Values(Security::starttls, Security::tls));

TEST_P(SmtpWithTlsAgainstADouble, SignsInAndSends) {
    SmtpServerDouble double_(script(trusted_));
    auto sent = send_something(signed_in(double_));
    EXPECT_TRUE(sent) << sent.error().message;
    EXPECT_EQ(double_.mail(), "Subject: x\r\n\r\nx\r\n");
    auto commands = double_.commands();
    auto tls = std::ranges::find(commands, "(TLS)");
    EXPECT_THAT(
        std::vector(tls, commands.end()),
        ElementsAre("(TLS)", "EHLO mw.example", "AUTH PLAIN",
                    "AGFubkBleGFtcGxlLmNvbQBodW50ZXIyLXZlcnktc2VjcmV0",
                    "MAIL FROM:<mw@example.com>", "RCPT TO:<ann@example.org>", "DATA", "QUIT"));
    for (auto before = commands.begin(); before != tls; ++before)
        EXPECT_TRUE(before->starts_with("EHLO") || *before == "STARTTLS") << *before;
}

TEST_P(SmtpWithTlsAgainstADouble, ChecksWithoutSending) {
    SmtpServerDouble double_(script(trusted_));
    auto checked = check(signed_in(double_));
    EXPECT_TRUE(checked) << checked.error().message;
    EXPECT_EQ(double_.mail(), "");
    EXPECT_EQ(double_.commands().back(), "QUIT");
    EXPECT_EQ(*(double_.commands().end() - 2), "NOOP");
}

TEST_P(SmtpWithTlsAgainstADouble, AWrongPasswordIsSaidAndNotShown) {
    auto refusing = script(trusted_);
    refusing.answers["AUTH"] = "535 5.7.8 Wrong, it is not your birthday";
    SmtpServerDouble double_(refusing);
    auto checked = check(signed_in(double_));
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, Errc::upstream_failed);
    EXPECT_THAT(checked.error().message, HasSubstr("does not accept the user name and password: "
                                                   "535 5.7.8 Wrong, it is not your birthday"));

    refusing.answers["AUTH"] = std::string("535 Not ") + kPassword;
    SmtpServerDouble gossip(refusing);
    checked = check(signed_in(gossip));
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message, Not(HasSubstr(kPassword)));
    EXPECT_THAT(checked.error().detail, Not(HasSubstr(kPassword)));

    refusing.answers["AUTH"] = "454 4.7.0 Later";
    SmtpServerDouble busy(refusing);
    checked = check(signed_in(busy));
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, Errc::unavailable);
}

TEST_P(SmtpWithTlsAgainstADouble, CheckSaysThatNoSignInIsOffered) {
    for (auto* offer : {"", "250-AUTH NTLM\r\n"}) {
        auto other = script(trusted_);
        other.lines_in_tls = offer;
        SmtpServerDouble double_(other);
        auto checked = check(signed_in(double_));
        ASSERT_FALSE(checked) << offer;
        EXPECT_EQ(checked.error().code, Errc::upstream_failed);
        EXPECT_THAT(checked.error().message, HasSubstr("sign"));
    }
}

TEST_P(SmtpWithTlsAgainstADouble, TrustsOnlyWhomItIsToldTo) {
    SmtpServerDouble double_(script(trusted_));
    auto server = signed_in(double_);
    server.ca_file.clear();
    auto sent = send_something(server);
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::unavailable);
    EXPECT_THAT(sent.error().message, HasSubstr("is not trusted"));
    EXPECT_EQ(double_.mail(), "");
}

TEST(SmtpAgainstADouble, ACertificateIsForOneName) {
    Certificate other("IP:127.0.0.9");
    for (auto security : {Security::starttls, Security::tls}) {
        SmtpServerDouble double_({.greeting_lines = "250-STARTTLS\r\n",
                                  .tls_at_once = security == Security::tls,
                                  .certificate = &other});
        auto server = at(double_, security);
        server.ca_file = other.file();
        auto sent = send_something(server);
        ASSERT_FALSE(sent);
        EXPECT_EQ(sent.error().code, Errc::unavailable);
        EXPECT_THAT(sent.error().message, HasSubstr("is not trusted"));
        EXPECT_EQ(double_.mail(), "");
    }
}

TEST(SmtpAgainstADouble, NothingFromTheEnvironmentIsUsed) {
    ::setenv("all_proxy", "http://127.0.0.1:1", 1);
    SmtpServerDouble double_({});
    EXPECT_TRUE(check(at(double_)));
    ::unsetenv("all_proxy");
}

TEST(SmtpSettings, AreCheckedBeforeAnythingIsSaid) {
    auto why = [](auto change) {
        MailServer server;
        server.host = "127.0.0.1";
        server.port = 1;
        change(server);
        auto done = check(server);
        if (done) return std::string("it worked");
        return done.error().code == Errc::invalid_argument ? done.error().message : "another error";
    };
    for (auto host : {"", "a b", "a/b", "user@host", "a\r\nb", "[::1]", "a:b", "höst", "a?b"})
        EXPECT_THAT(why([&](auto& server) { server.host = host; }), HasSubstr("host")) << host;
    for (auto name : {"a b", "a\r\nMAIL FROM:<x@y>", "a/b", "%0d%0a"})
        EXPECT_THAT(why([&](auto& server) { server.helo_name = name; }), HasSubstr("greeting"));
    EXPECT_THAT(why([](auto& server) { server.port = 0; }), HasSubstr("port"));
    EXPECT_THAT(why([](auto& server) { server.port = 65536; }), HasSubstr("port"));
    EXPECT_THAT(why([](auto& server) { server.timeout = {}; }), HasSubstr("timeout"));
    EXPECT_THAT(why([](auto& server) { server.user = "a\r\nb"; }), HasSubstr("control"));
    EXPECT_THAT(why([](auto& server) { server.ca_file = "/nowhere/ca.pem"; }),
                HasSubstr("certificates"));
}

TEST(SmtpSettings, TheEnvelopeIsCheckedBeforeAnythingIsSaid) {
    SmtpServerDouble double_({});
    auto server = at(double_);
    EXPECT_EQ(send(server, "a@b>\r\nRCPT TO:<c@d", "a@b", "x\r\n").error().code,
              Errc::invalid_argument);
    EXPECT_EQ(send(server, "a@b", "nobody", "x\r\n").error().code, Errc::invalid_argument);
    for (auto mail : {"x\n.\nMAIL FROM:<x@y>\r\n", "x\r", "x\r\n\n", "\r\r\n"})
        EXPECT_THAT(send(server, "a@b", "a@b", mail).error().message, HasSubstr("CRLF"));
    EXPECT_THAT(double_.commands(), ElementsAre());
}

}  // namespace
}  // namespace mw::smtp
