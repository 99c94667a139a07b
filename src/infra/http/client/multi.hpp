// libcurl's multi handle on an io_context: curl says which sockets and when, Asio waits.
// Private to this folder.
//
// Nothing of ours runs inside a curl call except the transfer's own callbacks; completions are
// posted, so a coroutine never resumes with curl on the stack.
#pragma once

#include <curl/curl.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <memory>

#include "infra/http/client/transfer.hpp"

namespace mw::http::detail {

class Multi : public std::enable_shared_from_this<Multi> {
  public:
    explicit Multi(const boost::asio::any_io_executor& executor);
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;
    ~Multi();

    boost::asio::any_io_executor executor() const { return executor_; }

    // An id that is never used again.
    std::uint64_t next_id() { return ++last_id_; }
    void start(std::uint64_t id, std::unique_ptr<Transfer> transfer);
    // Ends the transfer with `cancelled`; nothing when it is over. Not from within a callback.
    void cancel(std::uint64_t id);
    // Ends every transfer; nothing starts afterwards.
    void stop();

  private:
    // A socket that curl wants watched.
    struct Watched {
        explicit Watched(const boost::asio::any_io_executor& executor) : descriptor(executor) {}
        boost::asio::posix::stream_descriptor descriptor;
        int wanted = 0;  // CURL_POLL_IN, _OUT or both
        bool waiting_read = false;
        bool waiting_write = false;
    };

    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* watched);
    static int on_timer(CURLM* multi, long timeout_ms, void* self);
    void watch(curl_socket_t socket, int what);
    void wait(curl_socket_t socket, const std::shared_ptr<Watched>& watched);
    void wait_one(curl_socket_t socket, const std::shared_ptr<Watched>& watched, bool read);
    void set_timer(long timeout_ms);
    void act(curl_socket_t socket, int events);
    void collect_finished();
    void finish(std::map<std::uint64_t, std::unique_ptr<Transfer>>::iterator at,
                result<ClientResponse> outcome);

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    CURLM* multi_;
    std::map<curl_socket_t, std::shared_ptr<Watched>> sockets_;
    std::map<std::uint64_t, std::unique_ptr<Transfer>> transfers_;
    std::uint64_t last_id_ = 0;
};

}  // namespace mw::http::detail
