// What every object store must do; for tests only.
//
// A store joins with one line in its own *_test.cpp:
//   INSTANTIATE_TEST_SUITE_P(File, ObjectStoreConformance, testing::Values(StoreFactory{…}));
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>

#include "infra/store/object_store.hpp"

namespace mw::store {

// An empty store; `hold` keeps what it needs alive (a temporary folder, a test server).
struct StoreUnderTest {
    std::shared_ptr<void> hold;
    std::unique_ptr<ObjectStore> store;
};
struct StoreFactory {
    std::string name;
    std::function<StoreUnderTest(BlockingPool&)> make;
};
inline void PrintTo(const StoreFactory& factory, std::ostream* out) {
    *out << factory.name;
}

// Runs one coroutine to its end on the calling thread and hands over its value.
template <class T>
T run_to_end(boost::asio::io_context& ioc, boost::asio::awaitable<T> coroutine) {
    std::optional<T> value;
    std::exception_ptr thrown;
    boost::asio::co_spawn(ioc, std::move(coroutine), [&](std::exception_ptr error, T got) {
        thrown = error;
        value.emplace(std::move(got));
    });
    ioc.restart();
    ioc.run();
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*value);
}

class ObjectStoreConformance : public testing::TestWithParam<StoreFactory> {
  protected:
    ObjectStoreConformance() : under_test_(GetParam().make(pool_)) {}

    ObjectStore& store() { return *under_test_.store; }
    template <class T>
    T run(boost::asio::awaitable<T> coroutine) {
        return run_to_end(ioc_, std::move(coroutine));
    }
    // Puts or fails the test.
    ObjectInfo put(const std::string& key, const std::string& bytes) {
        auto info = run(store().put(key, bytes, {}));
        EXPECT_TRUE(info) << key << ": " << (info ? "" : info.error().message);
        return info.value_or(ObjectInfo{});
    }
    std::string get(const std::string& key, std::optional<ByteRange> range = {});
    std::vector<std::string> keys(const std::string& prefix, const std::string& after = "",
                                  std::size_t limit = kListLimitMax);

    boost::asio::io_context ioc_{1};
    BlockingPool pool_;
    StoreUnderTest under_test_;
};

}  // namespace mw::store
