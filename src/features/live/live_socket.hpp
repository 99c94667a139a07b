// One browser's WebSocket: reads what it subscribes to, passes on what the hub sends.
#pragma once

#include <set>

#include "api/caller.hpp"
#include "features/live/live_hub.hpp"
#include "infra/http/server/websocket.hpp"

namespace mw::live {

class LiveSocket final : public Subscriber {
  public:
    LiveSocket(http::WebSocket& socket, api::Caller caller, pg::Pool& pool, LiveHub& hub)
        : socket_(socket), caller_(std::move(caller)), pool_(pool), hub_(hub) {}
    ~LiveSocket() override { hub_.unsubscribe_all(*this); }

    // Until the other side closes.
    asio::awaitable<result<>> serve();
    void send(const std::string& message) override { socket_.send(message); }
    bool may_see_project(Id project_id) const override;

  private:
    asio::awaitable<result<>> handle(const std::string& message);
    asio::awaitable<result<>> subscribe(std::string_view name);
    asio::awaitable<result<bool>> may_see(Topic topic);
    void complain(const Error& error);

    http::WebSocket& socket_;
    api::Caller caller_;
    pg::Pool& pool_;
    LiveHub& hub_;
    std::set<Topic> topics_;
};

}  // namespace mw::live
