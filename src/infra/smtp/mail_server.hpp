// Hands mail to one mail server by SMTP, through libcurl.
//
// BLOCKING, up to the server's timeout and once more for its good-bye: call it on a BlockingPool.
// Any thread, any number of threads: each call has a connection of its own and keeps nothing.
//
// With `starttls` and `tls` the certificate and the host name are verified always, and there is no
// fall back to plain text. No proxy, no .netrc. The first call makes the process ignore SIGPIPE.
//
// Errors:
//   `unavailable`: may pass when it is tried again. No connection, no answer in time, no trusted
//   TLS (STARTTLS not offered is one of these), an answer of 4xx. `invalid_argument`: will not. An
//   answer of 5xx, settings or addresses that cannot be used.
//   `upstream_failed`: no sign-in, by this password or at all; the mail is not to blame.
//   `internal`: libcurl itself failed.
// `message` is in plain words, with what the server answered (at most 300 bytes) if it refused. The
// password is in no error and in no URL.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::smtp {

enum class Security {
    starttls,  // plain for the greeting, TLS before all else; usually port 587
    tls,       // TLS from the first byte; usually port 465
    none,      // no TLS, and so no password: for a server on the same machine or network
};

struct MailServer {
    std::string host = {};  // a name or an address, IPv6 without brackets
    int port = 587;
    Security security = Security::starttls;
    std::string user = {};  // empty: no sign-in
    Secret password = {};
    std::string ca_file = {};          // PEM of whom to trust; empty: the system's
    std::string helo_name = {};        // how we call ourselves; empty: this machine's host name
    std::chrono::seconds timeout{30};  // of a call; up to the sign-in there are 10 s at most
};

// Sends one mail to one address. When it succeeds, the server has taken the mail over; that it
// arrives is not known. `rfc5322`: see to_rfc5322; a line must not end with a CR or LF alone.
result<> send(const MailServer& server, std::string_view from_address, std::string_view to,
              const std::string& rfc5322);

// Connects, signs in when there is a user, and leaves without sending.
result<> check(const MailServer& server);

}  // namespace mw::smtp
