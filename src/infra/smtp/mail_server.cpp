#include "infra/smtp/mail_server.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "infra/smtp/message.hpp"
#include "infra/smtp/server_answer.hpp"

namespace mw::smtp {
namespace {

constexpr long kConnectSeconds = 10;
constexpr int kPortMax = 65535;

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

void ensure_curl() {
    // Thread-safe by the static; never undone, because threads may still use OpenSSL at exit.
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    // With NOSIGNAL set, curl leaves SIGPIPE of a closed connection to the program.
    static const bool ignored = ::signal(SIGPIPE, SIG_IGN) != SIG_ERR;
    if (ready != CURLE_OK || !ignored) throw std::runtime_error("libcurl cannot be initialised");
}

std::unexpected<Error> unusable(std::string why) {
    return fail(Errc::invalid_argument, std::move(why));
}

bool is_host_name(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '.' || c == '-' || c == '_';
    });
}

bool is_ipv6(const std::string& text) {
    in6_addr room{};
    return ::inet_pton(AF_INET6, text.c_str(), &room) == 1;
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

result<> check_settings(const MailServer& server) {
    if (!is_host_name(server.host) && !is_ipv6(server.host))
        return unusable("The mail server's host is not a host name or an IP address");
    if (server.port < 1 || server.port > kPortMax)
        return unusable("The mail server's port is not between 1 and 65535");
    if (!server.helo_name.empty() && !is_host_name(server.helo_name))
        return unusable("The name for the mail server's greeting is not a host name");
    if (server.timeout.count() < 1) return unusable("The mail server's timeout is below a second");
    if (has_control(server.user) || has_control(server.password.reveal()))
        return unusable("The mail server's user or password has control characters");
    if (server.security == Security::none && !server.user.empty())
        return unusable(
            "A user name and password are not sent to a mail server without TLS: choose STARTTLS "
            "or TLS, or leave the user name empty");
    if (!server.ca_file.empty() && ::access(server.ca_file.c_str(), R_OK) != 0)
        return unusable("The file of trusted certificates for the mail server cannot be read");
    return {};
}

// With a lone one, two servers may see the end of a mail at different places ("SMTP smuggling").
bool has_lone_line_end(std::string_view text) {
    for (auto at = text.find_first_of("\r\n"); at != text.npos;
         at = text.find_first_of("\r\n", at + 2))
        if (!text.substr(at).starts_with("\r\n")) return true;
    return false;
}

// What an error of curl's means. An answer of the server's says more than curl's code.
Error error_of(CURLcode code, const MailServer& server, const detail::ServerAnswer& answer,
               const char* curl_text) {
    const auto& host = server.host;
    std::string detail = *curl_text != '\0' ? curl_text : curl_easy_strerror(code);
    auto say = [&](Errc kind, std::string message) {
        return Error{kind, std::move(message), detail, {}};
    };
    auto refusal = answer.refused() ? ": " + answer.text(server) : "";
    auto lasting = answer.refused_for_now() ? Errc::unavailable : Errc::invalid_argument;
    switch (code) {
        case CURLE_LOGIN_DENIED:
            // Of the settings, not of the mail: it can be sent once they are right.
            return say(answer.refused_for_now() ? Errc::unavailable : Errc::upstream_failed,
                       answer.refused() ? fmt::format("The mail server {} does not accept the user "
                                                      "name and password{}",
                                                      host, refusal)
                                        : fmt::format("The mail server {} offers no way to sign in "
                                                      "that is known here (PLAIN, LOGIN)",
                                                      host));
        case CURLE_USE_SSL_FAILED:
            return say(Errc::unavailable,
                       fmt::format("The mail server {} offers no STARTTLS, and nothing is sent "
                                   "to it without{}",
                                   host, refusal));
        case CURLE_OUT_OF_MEMORY:
        case CURLE_FAILED_INIT:
            return say(Errc::internal, "The mail cannot be sent");
        case CURLE_URL_MALFORMAT:
            return say(Errc::invalid_argument, "The mail server's host cannot be used");
        case CURLE_SSL_CACERT_BADFILE:
            return say(Errc::invalid_argument,
                       "The file of trusted certificates for the mail server cannot be used");
        default:
            break;
    }
    if (answer.refused())
        return say(lasting, fmt::format("The mail server {} refused{}{}", host,
                                        answer.refused_for_now() ? " for now" : "", refusal));
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return say(Errc::unavailable,
                       fmt::format("The mail server's name {} cannot be resolved", host));
        case CURLE_COULDNT_CONNECT:
            return say(Errc::unavailable, fmt::format("The mail server {} cannot be reached at "
                                                      "port {}",
                                                      host, server.port));
        case CURLE_OPERATION_TIMEDOUT:
            return say(Errc::unavailable,
                       fmt::format("The mail server {} did not answer in time", host));
        case CURLE_PEER_FAILED_VERIFICATION:
            return say(Errc::unavailable,
                       fmt::format("The TLS certificate of the mail server {} is not trusted: {}",
                                   host, detail));
        case CURLE_SSL_CONNECT_ERROR:
            return say(Errc::unavailable,
                       fmt::format("There is no TLS with the mail server {} at port {}: {}", host,
                                   server.port, detail));
        default:
            return say(
                Errc::unavailable,
                fmt::format("The mail server {} broke off or answered what is not SMTP", host));
    }
}

// One connection: options first, then `run` once.
class Session {
  public:
    explicit Session(const MailServer& server) : server_(server) {
        ensure_curl();
        easy_.reset(curl_easy_init());
        if (!easy_) throw std::runtime_error("libcurl: no handle");
        set_target();
        set_tls();
        set_sign_in();
        set_callbacks();
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void set_mail(std::string_view from, std::string_view to, std::string_view mail) {
        to_send_ = mail;
        auto sender = fmt::format("<{}>", from);
        recipients_.reset(curl_slist_append(nullptr, fmt::format("<{}>", to).c_str()));
        if (!recipients_) options_failed_ = true;
        set(CURLOPT_MAIL_FROM, sender.c_str());
        set(CURLOPT_MAIL_RCPT, recipients_.get());
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.size()));
    }

    void set_no_mail() {
        set(CURLOPT_NOBODY, 1L);
        set(CURLOPT_CUSTOMREQUEST, "NOOP");
    }

    result<> run() {
        if (options_failed_) return fail(Errc::internal, "The mail cannot be prepared");
        auto code = curl_easy_perform(easy_.get());
        if (code == CURLE_OK) return {};
        return fail(error_of(code, server_, answer_, error_text_.data()));
    }

    bool signed_in() const { return answer_.signed_in(); }

  private:
    template <class Value>
    void set(CURLoption option, Value value) {
        if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK) options_failed_ = true;
    }

    void set_target() {
        const auto* scheme = server_.security == Security::tls ? "smtps" : "smtp";
        auto host = is_ipv6(server_.host) ? fmt::format("[{}]", server_.host) : server_.host;
        // The path is what EHLO says.
        auto url = fmt::format("{}://{}:{}/{}", scheme, host, server_.port, server_.helo_name);
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NOPROXY, "*");
        set(CURLOPT_NOSIGNAL, 1L);
        auto seconds = static_cast<long>(server_.timeout.count());
        set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
        set(CURLOPT_TIMEOUT, seconds);
        // The answer to QUIT is waited for by this one alone.
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
    }

    void set_tls() {
        if (server_.security == Security::none) return;
        set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        if (server_.ca_file.empty()) return;
        set(CURLOPT_CAINFO, server_.ca_file.c_str());
        set(CURLOPT_CAPATH, nullptr);
    }

    void set_sign_in() {
        if (server_.user.empty()) return;
        set(CURLOPT_USERNAME, server_.user.c_str());
        set(CURLOPT_PASSWORD, server_.password.reveal().c_str());
        // Not NTLM and Kerberos, which curl would rather take and which need more than a password.
        set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
    }

    void set_callbacks() {
        set(CURLOPT_ERRORBUFFER, error_text_.data());
        set(CURLOPT_HEADERFUNCTION, &Session::on_line);
        set(CURLOPT_HEADERDATA, static_cast<void*>(this));
        set(CURLOPT_WRITEFUNCTION, &Session::on_body);
        set(CURLOPT_READFUNCTION, &Session::on_upload);
        set(CURLOPT_READDATA, static_cast<void*>(this));
    }

    static std::size_t on_line(char* data, std::size_t size, std::size_t count, void* self) {
        // Exceptions must not pass through curl.
        try {
            static_cast<Session*>(self)->answer_.take({data, size * count});
        } catch (const std::exception&) {
            return 0;
        }
        return size * count;
    }

    // Or curl would print it.
    static std::size_t on_body(char*, std::size_t size, std::size_t count, void*) {
        return size * count;
    }

    static std::size_t on_upload(char* into, std::size_t size, std::size_t count, void* self) {
        auto& left = static_cast<Session*>(self)->to_send_;
        auto bytes = std::min(size * count, left.size());
        std::memcpy(into, left.data(), bytes);
        left.remove_prefix(bytes);
        return bytes;
    }

    const MailServer& server_;
    std::string_view to_send_;
    detail::ServerAnswer answer_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    bool options_failed_ = false;
    std::unique_ptr<curl_slist, FreeList> recipients_;
    // Goes first: it says QUIT then, and what is answered comes to the members above.
    std::unique_ptr<CURL, FreeEasy> easy_;
};

}  // namespace

result<> send(const MailServer& server, std::string_view from_address, std::string_view to,
              const std::string& rfc5322) {
    MW_CHECK(check_settings(server));
    if (!is_address(from_address)) return unusable("The sender is not a mail address");
    if (!is_address(to)) return unusable("The recipient is not a mail address");
    if (has_lone_line_end(rfc5322)) return unusable("The mail has a line end that is not CRLF");
    Session session(server);
    session.set_mail(from_address, to, rfc5322);
    return session.run();
}

result<> check(const MailServer& server) {
    MW_CHECK(check_settings(server));
    Session session(server);
    session.set_no_mail();
    MW_CHECK(session.run());
    // curl goes on without when the server does not ask for it.
    if (!server.user.empty() && !session.signed_in())
        return fail(Errc::upstream_failed,
                    fmt::format("The mail server {} offers no sign-in: leave the user name empty, "
                                "or use another port",
                                server.host));
    return {};
}

}  // namespace mw::smtp
