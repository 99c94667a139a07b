// What the waiting functions of this folder give.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/error.hpp"

namespace mw::sign_on {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

}  // namespace mw::sign_on
