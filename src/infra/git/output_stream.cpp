#include "infra/git/output_stream.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace mw::git {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// git itself sends a sign of life every five seconds while it works on a fetch or a push.
constexpr auto kSilence = 2min;
constexpr std::size_t kPieceBytes = 64UL * 1024;

struct Output {
    process::Process process;
    std::string first;

    asio::awaitable<result<std::string>> next() {
        using asio::experimental::awaitable_operators::operator||;
        if (!first.empty()) co_return std::exchange(first, {});
        std::string piece(kPieceBytes, '\0');
        boost::system::error_code error;
        asio::steady_timer silence(process.out().get_executor(), kSilence);
        auto done =
            co_await (process.out().async_read_some(
                          asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error)) ||
                      silence.async_wait(asio::use_awaitable));
        if (done.index() == 1)
            co_return fail(Errc::timeout, "git did not go on", "silent for two minutes");
        if (!error) {
            piece.resize(std::get<0>(done));
            co_return piece;
        }
        auto status = co_await process.async_wait();
        if (!status.success()) co_return fail(Errc::internal, "git failed", status.describe());
        co_return std::string();
    }
};

}  // namespace

http::BodyStream output_stream(process::Process process, std::string first) {
    auto output = std::make_shared<Output>(std::move(process), std::move(first));
    return [output] { return output->next(); };
}

}  // namespace mw::git
