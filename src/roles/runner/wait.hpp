// Small helpers for coroutines that wait for each other.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

#include "base/error.hpp"

namespace mw::runner {

// Waits on a timer that stands for "something changed": it never expires, cancel() wakes all.
// Returns after the next cancel() of `signal`. When the waiting coroutine itself is cancelled it
// throws, as every Asio wait does: the timer alone can't tell the two apart.
inline boost::asio::awaitable<void> wait_for_signal(boost::asio::steady_timer& signal) {
    boost::system::error_code ignored;
    co_await signal.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none)
        throw boost::system::system_error(boost::asio::error::operation_aborted);
}

// Turns what `work` throws into an error. `a || b` waits for a success: beside something that
// never ends, a throw would otherwise be waited out for ever. Cancelling still throws.
template <class T>
boost::asio::awaitable<result<T>> without_throwing(boost::asio::awaitable<result<T>> work) {
    try {
        co_return co_await std::move(work);
    } catch (const boost::system::system_error& problem) {
        if (problem.code() == boost::asio::error::operation_aborted) throw;
        co_return fail(Errc::internal, "Something unexpected went wrong.", problem.what());
    } catch (const std::exception& problem) {
        co_return fail(Errc::internal, "Something unexpected went wrong.", problem.what());
    }
}

}  // namespace mw::runner
