// One client's connection, from its first byte to its close. Private to this folder.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "infra/http/proxy/channel.hpp"
#include "infra/http/proxy/server.hpp"
#include "infra/http/proxy/static_files.hpp"

namespace mw::proxy {

// What all sessions share; replaced parts by reload.
struct Shared {
    Config config;
    std::shared_ptr<asio::ssl::context> tls;
    std::shared_ptr<const StaticFiles> files;
    bool stopping = false;
};

class Session {
  public:
    Session(asio::ip::tcp::socket socket, Shared& shared);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    asio::awaitable<void> run();

    // A request is being served: stop() waits for it.
    bool in_flight() const { return in_flight_; }
    void close() { channel_.close(); }

  private:
    enum class Begin { tls, plain, gone };
    struct Served {
        RequestHead head;
        std::string path;  // decoded, for the log
        std::string request_id;
        int status = 0;
        bool keep_alive = false;
        std::uint64_t bytes_in = 0;
        std::uint64_t bytes_out = 0;
    };

    asio::awaitable<Begin> begin();
    asio::awaitable<void> answer_plain_http();
    asio::awaitable<bool> wait_for_request();
    asio::awaitable<bool> serve_one();
    asio::awaitable<bool> refuse_unreadable(const error_code& error);
    asio::awaitable<void> serve(Served& served, RequestParser& parser);
    asio::awaitable<void> serve_from_app(Served& served, RequestParser& parser);
    asio::awaitable<void> send(Served& served, StaticResponse answer);
    asio::awaitable<void> finish();
    asio::awaitable<void> linger();
    void write_access_log(const Served& served, std::chrono::steady_clock::time_point began) const;

    Shared& shared_;
    const Limits& limits_;
    Channel channel_;
    std::string client_address_;
    bool in_flight_ = false;
    bool first_ = true;
    bool client_gone_ = false;
};

}  // namespace mw::proxy
