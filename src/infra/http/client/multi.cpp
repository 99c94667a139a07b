#include "infra/http/client/multi.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <csignal>
#include <stdexcept>

namespace mw::http::detail {
namespace {

constexpr long kConnectionsKeptMax = 32;

void ensure_curl() {
    // Thread-safe by the static; never undone, because threads may still use OpenSSL at exit.
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    // With NOSIGNAL set, curl leaves SIGPIPE of a closed TLS connection to the program.
    static const bool ignored = ::signal(SIGPIPE, SIG_IGN) != SIG_ERR;
    if (ready != CURLE_OK || !ignored) throw std::runtime_error("libcurl cannot be initialised");
}

}  // namespace

Multi::Multi(const boost::asio::any_io_executor& executor)
    : executor_(executor), timer_(executor), multi_((ensure_curl(), curl_multi_init())) {
    if (!multi_) throw std::runtime_error("libcurl: no multi handle");
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kConnectionsKeptMax);
}

Multi::~Multi() {
    stop();
}

void Multi::stop() {
    if (!multi_) return;
    while (!transfers_.empty())
        cancel(transfers_.begin()->first);
    timer_.cancel();
    // Still with our callbacks: curl tells of each socket before it closes it.
    curl_multi_cleanup(std::exchange(multi_, nullptr));
    for (auto& [socket, watched] : sockets_)
        watched->descriptor.release();
    sockets_.clear();
}

void Multi::start(std::uint64_t id, std::unique_ptr<Transfer> transfer) {
    auto* easy = transfer->easy();
    auto at = transfers_.emplace(id, std::move(transfer)).first;
    // Adding sets curl's timer to "at once": the transfer begins from there.
    if (!multi_ || curl_multi_add_handle(multi_, easy) != CURLM_OK)
        finish(at, fail(multi_ ? Errc::internal : Errc::cancelled, "The request cannot be sent"));
}

void Multi::cancel(std::uint64_t id) {
    auto at = transfers_.find(id);
    if (at == transfers_.end()) return;
    curl_multi_remove_handle(multi_, at->second->easy());
    finish(at, fail(Errc::cancelled, "The request was cancelled"));
}

void Multi::finish(std::map<std::uint64_t, std::unique_ptr<Transfer>>::iterator at,
                   result<ClientResponse> outcome) {
    auto transfer = std::move(at->second);
    transfers_.erase(at);
    transfer->done(std::move(outcome));
}

void Multi::collect_finished() {
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        auto* easy = message->easy_handle;
        auto code = message->data.result;  // `message` dies with the removal
        curl_multi_remove_handle(multi_, easy);
        auto at = std::ranges::find_if(
            transfers_, [&](const auto& entry) { return entry.second->easy() == easy; });
        if (at != transfers_.end()) finish(at, at->second->outcome(code));
    }
}

void Multi::act(curl_socket_t socket, int events) {
    if (!multi_) return;
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    collect_finished();
}

int Multi::on_timer(CURLM*, long timeout_ms, void* self) {
    static_cast<Multi*>(self)->set_timer(timeout_ms);
    return 0;
}

void Multi::set_timer(long timeout_ms) {
    if (timeout_ms < 0) {
        timer_.cancel();
        return;
    }
    timer_.expires_after(std::chrono::milliseconds(timeout_ms));
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        auto self = weak.lock();
        if (!error && self) self->act(CURL_SOCKET_TIMEOUT, 0);
    });
}

int Multi::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    static_cast<Multi*>(self)->watch(socket, what);
    return 0;
}

void Multi::watch(curl_socket_t socket, int what) {
    auto at = sockets_.find(socket);
    if (what == CURL_POLL_REMOVE) {
        if (at == sockets_.end()) return;
        // The socket is curl's to close; ours only stops looking at it.
        at->second->descriptor.release();
        sockets_.erase(at);
        return;
    }
    if (at == sockets_.end()) {
        auto watched = std::make_shared<Watched>(executor_);
        watched->descriptor.assign(socket);
        at = sockets_.emplace(socket, std::move(watched)).first;
    }
    at->second->wanted = what;
    wait(socket, at->second);
}

void Multi::wait(curl_socket_t socket, const std::shared_ptr<Watched>& watched) {
    if (watched->wanted & CURL_POLL_IN) wait_one(socket, watched, true);
    if (watched->wanted & CURL_POLL_OUT) wait_one(socket, watched, false);
}

void Multi::wait_one(curl_socket_t socket, const std::shared_ptr<Watched>& watched, bool read) {
    auto& waiting = read ? watched->waiting_read : watched->waiting_write;
    if (std::exchange(waiting, true)) return;
    using Descriptor = boost::asio::posix::stream_descriptor;
    watched->descriptor.async_wait(
        read ? Descriptor::wait_read : Descriptor::wait_write,
        [weak = weak_from_this(), socket, watched, read](boost::system::error_code error) {
            (read ? watched->waiting_read : watched->waiting_write) = false;
            auto self = weak.lock();
            if (!self || error == boost::asio::error::operation_aborted) return;
            // The number may have been closed and given to another socket since.
            auto current = [&] {
                auto at = self->sockets_.find(socket);
                return at != self->sockets_.end() && at->second == watched;
            };
            int wanted = read ? CURL_POLL_IN : CURL_POLL_OUT;
            if (!current() || !(watched->wanted & wanted)) return;
            self->act(socket,
                      error ? CURL_CSELECT_ERR : (read ? CURL_CSELECT_IN : CURL_CSELECT_OUT));
            if (current()) self->wait(socket, watched);
        });
}

}  // namespace mw::http::detail
