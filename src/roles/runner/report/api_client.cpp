#include "roles/runner/report/api_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <string_view>

#include "base/json_reader.hpp"
#include "base/log.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto kFirstBackoff = 100ms;
constexpr auto kLongestBackoff = 3s;
constexpr auto kShutdownPatience = 10s;
constexpr auto kArtifactTimeout = 600s;
constexpr auto kArtifactIdleTimeout = 30s;
constexpr int kMostServerFailures = 8;
constexpr std::size_t kMostSpecBytes = 16UL * 1024 * 1024;
constexpr std::size_t kMostArtifactBytes = 2UL * 1024 * 1024 * 1024;

std::string encoded_path(std::string_view path) {
    constexpr std::string_view kPlain = "-._~/";
    std::string encoded;
    for (char c : path) {
        auto byte = static_cast<unsigned char>(c);
        if ((byte < 128 && std::isalnum(byte)) || kPlain.find(c) != std::string_view::npos)
            encoded += c;
        else
            encoded += fmt::format("%{:02X}", byte);
    }
    return encoded;
}

bool is_away(int status) {
    return status == 408 || status == 425 || status == 429 || status == 502 || status == 503 ||
           status == 504;
}

bool is_lost(int status) {
    return status == 401 || status == 403 || status == 409 || status == 410;
}

// The app's own sentence, when its answer holds one.
std::string message_of(const http::ClientResponse& response) {
    boost::system::error_code error;
    auto body = json::parse(response.body, error);
    if (!error && body.is_object())
        if (const auto* status = body.get_object().if_contains("status");
            status && status->is_object())
            if (const auto* text = status->get_object().if_contains("user_message");
                text && text->is_string())
                return std::string(text->get_string());
    return fmt::format("status {}", response.status);
}

Error refusal(const http::ClientResponse& response) {
    auto code = Errc::invalid_argument;
    if (response.status == 404) code = Errc::not_found;
    if (response.status == 413) code = Errc::payload_too_large;
    if (response.status >= 500) code = Errc::upstream_failed;
    return {code,
            fmt::format("The app refused a request of this run: {}.", message_of(response)),
            {},
            {}};
}

}  // namespace

ApiClient::ApiClient(asio::any_io_executor executor, std::filesystem::path socket, Secret token,
                     Stop& stop, std::string what)
    : executor_(executor),
      client_(executor),
      socket_(std::move(socket)),
      what_(std::move(what)),
      token_(std::move(token)),
      stop_(stop),
      last_contact_(SteadyClock::now()) {
}

std::chrono::milliseconds ApiClient::heartbeat_interval() const {
    return std::clamp<std::chrono::milliseconds>(lease_ / 6, 200ms, 5s);
}

std::chrono::milliseconds ApiClient::patience() const {
    if (stop_.reason() == StopReason::shutdown) return kShutdownPatience;
    return lease_ * 4;
}

http::ClientRequest ApiClient::make_request(std::string method, std::string path) const {
    http::ClientRequest request;
    request.method = std::move(method);
    request.url = fmt::format("http://localhost/internal/v1/{}/{}", what_, path);
    request.bearer_token = token_;
    request.unix_socket = socket_;
    return request;
}

void ApiClient::note_outage(const Error& why) {
    if (outage_) return;
    outage_ = true;
    log::warn("app away, waiting", {{"reason", why.message}, {"detail", why.detail}});
}

void ApiClient::note_contact() {
    last_contact_ = SteadyClock::now();
    if (!outage_) return;
    outage_ = false;
    log::info("app back");
}

void ApiClient::read_cancel(const std::string& body) {
    if (body.find("\"cancel\"") == std::string::npos) return;
    boost::system::error_code error;
    auto value = json::parse(body, error);
    if (error || !value.is_object()) return;
    const auto& answer = value.get_object();
    const auto* cancel = answer.if_contains("cancel");
    if (!cancel || !cancel->is_bool() || !cancel->get_bool()) return;
    const auto* reason = answer.if_contains("reason");
    stop_.request(StopReason::cancelled,
                  reason && reason->is_string() && !reason->get_string().empty()
                      ? std::string(reason->get_string())
                      : "This run was cancelled.");
}

ApiClient::Next ApiClient::judge(const result<http::ClientResponse>& response, int server_failures,
                                 Error& error) {
    if (!response) {
        error = response.error();
        bool away = error.code == Errc::unavailable || error.code == Errc::timeout ||
                    error.code == Errc::upstream_failed;
        if (away) note_outage(error);
        return away ? Next::retry : Next::fail;
    }
    if (is_away(response->status)) {
        note_outage({Errc::unavailable, message_of(*response), {}, {}});
        return Next::retry;
    }
    note_contact();
    if (response->ok()) return Next::done;
    if (is_lost(response->status)) {
        error = {Errc::lease_lost, "This run is over or belongs to another worker.", {}, {}};
        if (finish_sent_) return Next::fail;
        log::warn("run lost", {{"status", response->status}, {"reason", message_of(*response)}});
        stop_.request(StopReason::lost, message_of(*response));
        return Next::fail;
    }
    error = refusal(*response);
    bool retry = response->status >= 500 && server_failures < kMostServerFailures;
    return retry ? Next::retry : Next::fail;
}

asio::awaitable<result<http::ClientResponse>> ApiClient::call(http::ClientRequest request) {
    auto began = SteadyClock::now();
    std::chrono::milliseconds backoff = kFirstBackoff;
    asio::steady_timer timer(executor_);
    for (int server_failures = 0;;) {
        if (stop_.lost()) co_return fail(Errc::lease_lost, "This run is not ours any more.");
        auto response = co_await client_.send(request);
        if (response && response->status >= 500 && !is_away(response->status)) ++server_failures;
        Error error;
        switch (judge(response, server_failures, error)) {
            case Next::done:
                read_cancel(response->body);
                co_return response;
            case Next::fail:
                co_return fail(std::move(error));
            case Next::retry:
                break;
        }
        auto silent = SteadyClock::now() - std::max(last_contact_, began);
        if (outage_ && silent > patience()) {
            log::error(
                "app away for too long, run given up",
                {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(silent).count()}});
            stop_.request(StopReason::lost, "The app could not be reached.");
            co_return fail(Errc::lease_lost, "The app could not be reached.");
        }
        timer.expires_after(backoff);
        co_await timer.async_wait(asio::use_awaitable);
        backoff = std::min<std::chrono::milliseconds>(backoff * 2, kLongestBackoff);
    }
}

asio::awaitable<result<>> ApiClient::post(std::string what, const json::value& body) {
    auto request = make_request("POST", std::move(what));
    request.set_json(json::serialize(body));
    auto response = co_await call(std::move(request));
    if (!response) co_return fail(std::move(response).error());
    co_return result<>{};
}

asio::awaitable<result<json::value>> ApiClient::spec() {
    auto request = make_request("GET", "spec");
    request.response_bytes_max = kMostSpecBytes;
    MW_CO_TRY(auto response, co_await call(std::move(request)));
    co_return parse_json(response.body);
}

asio::awaitable<result<>> ApiClient::heartbeat() {
    json::value body = json::object();
    co_return co_await post("heartbeat", body);
}

asio::awaitable<result<>> ApiClient::put_steps(json::array steps) {
    json::value body = json::object{{"steps", std::move(steps)}};
    co_return co_await post("steps", body);
}

asio::awaitable<result<>> ApiClient::put_progress(json::object progress) {
    json::value body(std::move(progress));
    co_return co_await post("progress", body);
}

asio::awaitable<result<>> ApiClient::put_host_keys(json::array host_keys) {
    json::value body = json::object{{"ssh_host_keys", std::move(host_keys)}};
    co_return co_await post("ssh-host-keys", body);
}

asio::awaitable<result<json::value>> ApiClient::git_credential(std::string repository) {
    auto request = make_request("POST", "git-credential");
    request.set_json(json::serialize(json::object{{"repository", repository}}));
    MW_CO_TRY(auto response, co_await call(std::move(request)));
    co_return parse_json(response.body);
}

asio::awaitable<result<>> ApiClient::put_logs(json::object logs) {
    json::value body(std::move(logs));
    co_return co_await post("logs", body);
}

asio::awaitable<result<>> ApiClient::finish(json::object outcome) {
    // Loses the run if it is not ours; from here on only `finish` itself can make it so.
    MW_CO_CHECK(co_await heartbeat());
    finish_sent_ = true;
    json::value body(std::move(outcome));
    auto told = co_await post("finish", body);
    if (!told && told.error().code == Errc::lease_lost && !stop_.lost()) co_return result<>{};
    co_return told;
}

asio::awaitable<result<>> ApiClient::put_file(std::string to, std::filesystem::path file) {
    auto request = make_request("PUT", std::move(to));
    request.headers.emplace_back("Content-Type", "application/octet-stream");
    request.body_file = std::move(file);
    request.total_timeout = kArtifactTimeout;
    request.idle_timeout = kArtifactIdleTimeout;
    auto response = co_await call(std::move(request));
    if (!response) co_return fail(std::move(response).error());
    co_return result<>{};
}

asio::awaitable<result<>> ApiClient::put_artifact(std::string path, int step,
                                                  std::filesystem::path file) {
    co_return co_await put_file(fmt::format("artifacts/{}?step={}", encoded_path(path), step),
                                std::move(file));
}

asio::awaitable<result<>> ApiClient::put_artifact_pack(int step, std::filesystem::path file) {
    co_return co_await put_file(fmt::format("artifact-pack?step={}", step), std::move(file));
}

asio::awaitable<result<>> ApiClient::get_artifact_of(Id run_id, std::string path,
                                                     std::filesystem::path file) {
    auto request =
        make_request("GET", fmt::format("other-runs/{}/artifacts/{}", run_id, encoded_path(path)));
    request.body_to_file = std::move(file);
    request.response_bytes_max = kMostArtifactBytes;
    request.total_timeout = kArtifactTimeout;
    request.idle_timeout = kArtifactIdleTimeout;
    auto response = co_await call(std::move(request));
    if (!response) co_return fail(std::move(response).error());
    co_return result<>{};
}

}  // namespace mw::runner
