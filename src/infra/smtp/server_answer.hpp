// What the mail server answered last, for the error that is shown. Pure. Private to this folder.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "infra/smtp/mail_server.hpp"

namespace mw::smtp::detail {

class ServerAnswer {
  public:
    // A line as it came, with its line end; several of them may be one answer ("550-…", "550 …").
    void take(std::string_view line);

    // Whether the last answer is whole, and one of 4xx or 5xx.
    bool refused() const { return !goes_on_ && code_ >= 400; }
    bool refused_for_now() const { return refused() && code_ < 500; }
    // Whether the server has taken a user and password.
    bool signed_in() const { return signed_in_; }

    // "550 5.1.1 No such person": one line of valid UTF-8, at most 300 bytes. Only the code when
    // the server repeats the password, as it is or in base64.
    std::string text(const MailServer& server) const;

  private:
    int code_ = 0;
    bool goes_on_ = false;
    bool signed_in_ = false;
    std::string text_;
};

}  // namespace mw::smtp::detail
