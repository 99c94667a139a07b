// For tests: a coroutine, run to its end on a context that nothing else runs.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <concepts>
#include <future>
#include <optional>
#include <type_traits>
#include <utility>

namespace mw::test {

// `work` is an awaitable, or a lambda that makes one. Gives its value, and throws what it throws.
template <class Work>
auto run_on(boost::asio::io_context& ioc, Work work) {
    auto begin = [&work] {
        if constexpr (std::invocable<Work&>)
            return work();
        else
            return std::move(work);
    };
    auto finish = [&ioc](std::future<void> ended) {
        ioc.restart();
        while (ended.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
            ioc.run_one();
        ended.get();
    };
    using Value = typename decltype(begin())::value_type;
    if constexpr (std::is_void_v<Value>) {
        finish(boost::asio::co_spawn(
            ioc, [&]() -> boost::asio::awaitable<void> { co_await begin(); },
            boost::asio::use_future));
    } else {
        // Apart from co_spawn's own result, which would have to be default-constructible.
        std::optional<Value> outcome;
        finish(boost::asio::co_spawn(
            ioc, [&]() -> boost::asio::awaitable<void> { outcome.emplace(co_await begin()); },
            boost::asio::use_future));
        return std::move(*outcome);
    }
}

}  // namespace mw::test
