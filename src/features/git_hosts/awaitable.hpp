// What the waiting functions of this folder give.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/error.hpp"

namespace mw::git_hosts {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

}  // namespace mw::git_hosts
