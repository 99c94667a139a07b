#include "infra/process/run_command.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <memory>

namespace mw::process {
namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator&&;
using asio::experimental::awaitable_operators::operator||;

asio::awaitable<void> read_tail(Descriptor& source, std::size_t max_bytes, std::string& kept) {
    auto buffer = std::make_unique<std::array<char, 32 * 1024>>();
    for (;;) {
        boost::system::error_code error;
        auto count = co_await source.async_read_some(
            asio::buffer(*buffer), asio::redirect_error(asio::use_awaitable, error));
        if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
        if (error || count == 0) co_return;
        kept.append(buffer->data(), count);
        // Cut only now and then, so that a long output is not moved at every read.
        if (kept.size() > 2 * max_bytes) kept.erase(0, kept.size() - max_bytes);
    }
}

asio::awaitable<void> collect(Process& process, bool merged, std::size_t max_bytes,
                              CommandOutput& output) {
    if (merged)
        co_await read_tail(process.out(), max_bytes, output.out);
    else
        co_await (read_tail(process.out(), max_bytes, output.out) &&
                  read_tail(process.err(), max_bytes, output.err));
    output.status = co_await process.async_wait();
}

void keep_tail(std::string& text, std::size_t max_bytes) {
    if (text.size() > max_bytes) text.erase(0, text.size() - max_bytes);
}

}  // namespace

asio::awaitable<result<CommandOutput>> run_command(SpawnOptions options, CommandLimits limits) {
    auto executor = co_await asio::this_coro::executor;
    bool merged = options.err.kind == Stdio::Kind::merge;
    options.out = Stdio::pipe();
    if (!merged) options.err = Stdio::pipe();
    std::string name = options.program.string();
    MW_CO_TRY(auto process, Process::spawn(executor, std::move(options)));

    CommandOutput output;
    asio::steady_timer timer(executor, limits.timeout);
    auto first = co_await (collect(process, merged, limits.max_output_bytes, output) ||
                           timer.async_wait(asio::use_awaitable));
    if (first.index() == 1) {
        process.signal_group(SIGKILL);
        co_await process.async_wait();
        co_return fail(Errc::timeout,
                       fmt::format("{} was still running after {} s and was stopped", name,
                                   std::chrono::duration<double>(limits.timeout).count()));
    }
    keep_tail(output.out, limits.max_output_bytes);
    keep_tail(output.err, limits.max_output_bytes);
    co_return output;
}

std::string last_lines(std::string_view text, std::size_t count) {
    while (!text.empty() && text.back() == '\n')
        text.remove_suffix(1);
    std::size_t start = text.size();
    while (count > 0 && start > 0) {
        auto line_break = text.rfind('\n', start - 1);
        if (line_break == text.npos) return std::string(text);
        start = line_break;
        --count;
    }
    return std::string(text.substr(start < text.size() ? start + 1 : text.size()));
}

}  // namespace mw::process
