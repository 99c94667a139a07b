// What came of one try to send a message.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>

#include "base/error.hpp"

namespace mw::chat {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

struct Outcome {
    enum class Kind {
        taken,
        later,   // another try may do
        dead,    // another try would end alike
        broken,  // the whole workspace takes nothing more, until somebody connects it again
        wait,    // it asks to be left alone for so long; no try of the message's own
    };
    Kind kind = Kind::taken;
    std::string reason = {};  // for people; holds no secret
    std::chrono::seconds wait{0};

    bool taken() const { return kind == Kind::taken; }
};

// How long a Retry-After says to wait: seconds, as Slack and Microsoft write them.
std::chrono::seconds wait_of(std::string_view retry_after);

// The same, for whoever waits for it at a page.
result<> to_result(const Outcome& outcome);

}  // namespace mw::chat
