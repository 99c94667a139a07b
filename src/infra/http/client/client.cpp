#include "infra/http/client/client.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "infra/http/client/multi.hpp"

namespace mw::http {

namespace asio = boost::asio;

class Client::Impl : public detail::Multi {
  public:
    using Multi::Multi;
    std::shared_ptr<Impl> self() { return std::static_pointer_cast<Impl>(shared_from_this()); }

    template <class Handler>
    void send(std::unique_ptr<detail::Transfer> transfer, Handler handler) {
        auto id = next_id();
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            // Posted: the signal may come from inside a callback of curl's.
            slot.assign([weak = std::weak_ptr(self()), id](asio::cancellation_type type) {
                auto impl = weak.lock();
                if (!impl || type == asio::cancellation_type::none) return;
                asio::post(impl->executor(), [impl, id] { impl->cancel(id); });
            });
        }
        auto work = asio::prefer(asio::get_associated_executor(handler, executor()),
                                 asio::execution::outstanding_work.tracked);
        transfer->done = [work, slot,
                          handler = std::move(handler)](result<ClientResponse> outcome) mutable {
            if (slot.is_connected()) slot.clear();
            asio::post(work,
                       [handler = std::move(handler), outcome = std::move(outcome)]() mutable {
                           std::move(handler)(std::move(outcome));
                       });
        };
        start(id, std::move(transfer));
    }
};

Client::Client(const asio::any_io_executor& executor) : impl_(std::make_shared<Impl>(executor)) {
}

Client::~Client() {
    impl_->stop();
}

asio::awaitable<result<ClientResponse>> Client::send(ClientRequest request) {
    auto impl = impl_;  // the client may go while we wait
    MW_CO_TRY(auto transfer, detail::Transfer::make(std::move(request)));
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                            void(result<ClientResponse>)>(
        [impl](auto handler, std::unique_ptr<detail::Transfer> prepared) {
            impl->send(std::move(prepared), std::move(handler));
        },
        asio::use_awaitable, std::move(transfer));
}

}  // namespace mw::http
