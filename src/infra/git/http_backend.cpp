#include "infra/git/http_backend.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cctype>
#include <charconv>

#include "base/unique_fd.hpp"
#include "infra/git/git_process.hpp"
#include "infra/git/output_stream.hpp"

namespace mw::git {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr int kMostAtOnce = 32;
constexpr std::size_t kMostHeadBytes = 16UL * 1024;

std::string_view name_of(Service service) {
    return service == Service::push ? "git-receive-pack" : "git-upload-pack";
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

// RFC 3875, section 6: header lines, an empty one, the body. What is read beyond is `rest`.
struct CgiHead {
    int status = 200;
    http::Headers headers;
    std::string rest;
};

result<CgiHead> parse_head(std::string_view text, std::size_t end, std::size_t body) {
    CgiHead head;
    head.rest = text.substr(body);
    text = text.substr(0, end);
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.ends_with('\r')) line.remove_suffix(1);
        auto colon = line.find(':');
        if (colon == line.npos)
            return fail(Errc::internal, "git failed", "a header without a colon");
        auto name = lower(line.substr(0, colon));
        auto value = line.substr(colon + 1);
        while (value.starts_with(' '))
            value.remove_prefix(1);
        if (name == "status")
            std::from_chars(value.data(), value.data() + value.size(), head.status);
        else
            head.headers[name] = value;
    }
    return head;
}

asio::awaitable<result<CgiHead>> read_head(process::Descriptor& out) {
    std::string text;
    while (text.size() < kMostHeadBytes) {
        std::array<char, 4096> piece;
        boost::system::error_code error;
        auto count = co_await out.async_read_some(asio::buffer(piece),
                                                  asio::redirect_error(asio::use_awaitable, error));
        if (error) break;
        text.append(piece.data(), count);
        for (std::string_view blank : {"\r\n\r\n", "\n\n"})
            if (auto at = text.find(blank); at != text.npos)
                co_return parse_head(text, at, at + blank.size());
    }
    co_return fail(Errc::internal, "git failed", "no CGI headers");
}

process::Environment environment_of(const http::Request& request, Service service,
                                    const fs::path& root, const std::string& folder,
                                    const std::string& user) {
    process::Environment environment{
        {"GIT_PROJECT_ROOT", root.string()},
        {"GIT_HTTP_EXPORT_ALL", "1"},
        {"REQUEST_METHOD", request.method},
        {"REMOTE_USER", user},
        {"REMOTE_ADDR", request.client_address},
        {"CONTENT_TYPE", std::string(request.header("content-type"))},
        {"HTTP_CONTENT_ENCODING", std::string(request.header("content-encoding"))},
        {"GIT_PROTOCOL", std::string(request.header("git-protocol"))},
    };
    if (request.method == "GET") {
        environment["PATH_INFO"] = "/" + folder + "/info/refs";
        environment["QUERY_STRING"] = fmt::format("service={}", name_of(service));
    } else {
        environment["PATH_INFO"] = fmt::format("/{}/{}", folder, name_of(service));
    }
    return environment;
}

// Counts one process, as long as it is held.
std::shared_ptr<void> count_in(const std::shared_ptr<int>& running) {
    ++*running;
    return {nullptr, [running](void*) { --*running; }};
}

}  // namespace

std::optional<Service> service_of(const http::Request& request) {
    auto path = std::string_view(request.path);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    for (auto service : {Service::fetch, Service::push}) {
        if (request.method == "POST" && path.ends_with("/" + std::string(name_of(service))))
            return service;
        if (request.method == "GET" && path.ends_with("/info/refs") &&
            request.query_value("service") == name_of(service))
            return service;
    }
    return std::nullopt;
}

HttpBackend::HttpBackend(fs::path root) : root_(std::move(root)) {
}

asio::awaitable<result<http::Response>> HttpBackend::serve(const http::Request& request,
                                                           Service service, std::string folder,
                                                           std::string user) {
    std::error_code error;
    if (!fs::is_directory(root_ / folder, error))
        co_return fail(Errc::not_found, "The repository is not there.",
                       (root_ / folder).string() + " is not a folder");
    if (*running_ >= kMostAtOnce)
        co_return fail(Errc::unavailable,
                       "Too many fetches and pushes are going on. Try again in a moment.");
    auto counted = count_in(running_);
    auto options =
        git_options(service == Service::push
                        ? std::vector<std::string>{"-c", "http.receivepack=true", "http-backend"}
                        : std::vector<std::string>{"http-backend"});
    options.environment.merge(environment_of(request, service, root_, folder, user));
    options.out = process::Stdio::pipe();
    UniqueFd body;
    if (!request.body_file.empty()) {
        body = UniqueFd(::open(request.body_file.c_str(), O_RDONLY | O_CLOEXEC));
        if (!body) co_return fail(Errc::internal, "git failed", "the body cannot be read");
        options.in = process::Stdio::descriptor(body.get());
        options.environment["CONTENT_LENGTH"] =
            std::to_string(fs::file_size(request.body_file, error));
    }
    MW_CO_TRY(auto git,
              process::Process::spawn(co_await asio::this_coro::executor, std::move(options)));
    MW_CO_TRY(auto head, co_await read_head(git.out()));
    http::Response response;
    response.status = head.status;
    response.headers = std::move(head.headers);
    response.stream = [counted, stream = output_stream(std::move(git), std::move(head.rest))] {
        return stream();
    };
    co_return response;
}

}  // namespace mw::git
