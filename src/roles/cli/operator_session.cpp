#include "roles/cli/operator_session.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <filesystem>

#include "base/files.hpp"
#include "infra/http/client/client.hpp"
#include "roles/cli/api_session.hpp"

namespace mw::cli {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

// The first sample makes a repository and hashes a password.
constexpr std::chrono::seconds kPatience{60};
constexpr std::size_t kMostStatusBytes = 1024UL * 1024;

std::unexpected<Error> not_running() {
    return fail(Errc::unavailable, "the appliance is not running: start it with `millwright up`");
}

result<> check_caller(const Layout& layout) {
    struct stat info{};
    if (::stat(layout.data_dir.c_str(), &info) != 0)
        return fail(Errc::not_found,
                    fmt::format("there is no appliance in {} yet: start it with `millwright up`",
                                layout.data_dir.string()));
    if (::geteuid() == 0 || ::geteuid() == info.st_uid) return {};
    return fail(Errc::forbidden, "only the user that the appliance runs as, and root, may do this");
}

// Where the appliance said that it runs: without a setting, that depends on who started it.
fs::path socket_of(const Layout& layout) {
    auto text = read_file(layout.status_file, kMostStatusBytes);
    boost::json::error_code error;
    auto status = text ? boost::json::parse(*text, error) : boost::json::value();
    const auto* object = error ? nullptr : status.if_object();
    const auto* run_dir = object ? object->if_contains("run_dir") : nullptr;
    if (!run_dir || !run_dir->is_string()) return layout.operator_socket;
    return fs::path(std::string(run_dir->get_string())) / layout.operator_socket.filename();
}

result<boost::json::value> read_answer(const http::ClientResponse& response) {
    if (!response.ok()) return fail(api_error(response));
    boost::json::error_code error;
    auto json = boost::json::parse(response.body, error);
    if (error) return fail(Errc::upstream_failed, "the appliance's answer is no JSON");
    return json;
}

}  // namespace

result<boost::json::value> ask_operator(const Layout& layout, std::string method, std::string path,
                                        const boost::json::value& body) {
    MW_CHECK(check_caller(layout));
    http::ClientRequest request;
    request.method = std::move(method);
    request.url = "http://localhost/operator/v1/" + path;
    request.unix_socket = socket_of(layout);
    request.total_timeout = kPatience;
    if (!body.is_null()) request.set_json(boost::json::serialize(body));
    asio::io_context ioc{1};
    http::Client client(ioc.get_executor());
    result<boost::json::value> outcome;
    asio::co_spawn(
        ioc,
        [&]() -> asio::awaitable<void> {
            auto response = co_await client.send(std::move(request));
            if (response)
                outcome = read_answer(*response);
            else if (response.error().code == Errc::unavailable)
                outcome = not_running();
            else
                outcome = std::unexpected(std::move(response).error());
            ioc.stop();
        },
        [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    ioc.run();
    return outcome;
}

}  // namespace mw::cli
