// Looks after the copies of repositories that runs share (infra/git/mirror_care).
//
// A loop of its own, because packing takes its time.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>

#include "infra/pg/pool.hpp"

namespace mw::scheduler {

class MirrorCare {
  public:
    MirrorCare(boost::asio::any_io_executor executor, pg::Pool& pool, std::filesystem::path cache);

    boost::asio::awaitable<result<std::chrono::milliseconds>> pass();
    // A pass that goes on ends soon.
    void stop();

  private:
    pg::Pool& pool_;
    std::filesystem::path cache_;
    boost::asio::steady_timer stop_;
};

}  // namespace mw::scheduler
