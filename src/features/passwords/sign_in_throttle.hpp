// Slows down guessing of passwords: after a few failures for an address or an e-mail, further
// tries wait. Kept in memory, bounded; one io thread. Time is a parameter, for tests.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace mw::passwords {

class SignInThrottle {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    // How long this key must still wait; zero if it may try now.
    std::chrono::seconds wait(std::string_view key, Moment now) const;
    void failed(std::string_view key, Moment now);
    void succeeded(std::string_view key);

  private:
    struct Record {
        int failures = 0;
        Moment last;
        Moment free_at;
    };
    void forget_old(Moment now);

    std::map<std::string, Record, std::less<>> records_;
};

}  // namespace mw::passwords
