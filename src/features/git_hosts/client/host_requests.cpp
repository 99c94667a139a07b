#include "features/git_hosts/client/host_requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>

#include "base/json_reader.hpp"
#include "base/storable_text.hpp"
#include "infra/crypto/base64.hpp"

namespace mw::git_hosts {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kAnswerBytesMax = 8UL * 1024 * 1024;
constexpr std::size_t kWordsBytesMax = 300;
constexpr int kPageSize = 100;
constexpr std::int64_t kWaitSecondsMax = 3600;

std::string host_of(std::string_view url) {
    auto parsed = boost::urls::parse_uri(url);
    return parsed ? std::string(parsed->encoded_host_and_port()) : "the git host";
}

// What the host says of its refusal: {"message": "…"}, of GitLab a list or an object, too.
std::string words_in(std::string_view body) {
    auto value = parse_json(body);
    if (!value || !value->is_object()) return {};
    for (auto name : {"message", "error_description", "error"}) {
        const auto* words = value->get_object().if_contains(name);
        if (!words || words->is_null()) continue;
        auto text =
            words->is_string() ? std::string(words->get_string()) : boost::json::serialize(*words);
        return storable_text(text, kWordsBytesMax);
    }
    return {};
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

int seconds_to_wait(const http::ClientResponse& response, Timestamp now) {
    auto wait = number_in(response.header("retry-after"));
    for (auto name : {"x-ratelimit-reset", "ratelimit-reset"}) {
        if (wait) break;
        auto until = number_in(response.header(name));
        auto at = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
        if (until) wait = *until - at;
    }
    return static_cast<int>(std::clamp<std::int64_t>(wait.value_or(60), 1, kWaitSecondsMax));
}

bool asks_to_wait(const http::ClientResponse& response) {
    return response.status == 429 ||
           (response.status == 403 && (!response.header("retry-after").empty() ||
                                       response.header("x-ratelimit-remaining") == "0"));
}

Errc code_of(int status) {
    switch (status) {
        case 401:
        // Azure DevOps shows its page for signing in.
        case 203:
        case 302:
            return Errc::unauthenticated;
        case 403:
            return Errc::forbidden;
        case 408:
        case 502:
        case 503:
        case 504:
            return Errc::unavailable;
        default:
            return status >= 400 && status < 500 ? Errc::invalid_argument : Errc::upstream_failed;
    }
}

std::string_view meaning_of(Errc code, int status) {
    if (code == Errc::unauthenticated) return "does not accept the token";
    if (code == Errc::forbidden) return "does not allow this with the token";
    if (code == Errc::unavailable) return "is not available";
    if (status == 404) return "does not know what was named, or shows it to others only";
    if (code == Errc::invalid_argument) return "refuses this";
    return status >= 300 && status < 400 ? "says that this has moved" : "has failed";
}

}  // namespace

Error error_of(const http::ClientResponse& response, std::string_view host, Timestamp now) {
    auto words = words_in(response.body);
    auto said = fmt::format("HTTP {}{}{}", response.status, words.empty() ? "" : ": ", words);
    if (asks_to_wait(response))
        return {.code = Errc::limit_exceeded,
                .message = fmt::format("{} asks to wait ({}).", host, said),
                .retry_after_seconds = seconds_to_wait(response, now)};
    auto code = code_of(response.status);
    return {.code = code,
            .message = fmt::format("{} {} ({}).", host, meaning_of(code, response.status), said),
            .detail = fmt::format("HTTP {}", response.status)};
}

std::string encoded(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

result<std::string> path_of(std::string_view full_name) {
    std::string path;
    int count = 0;
    for (auto rest = full_name; !rest.empty(); ++count) {
        auto segment = rest.substr(0, rest.find('/'));
        if (segment.empty() || segment == "." || segment == "..") count = -100;
        path += (path.empty() ? "" : "/") + encoded(segment);
        rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
    }
    if (count < 2)
        return fail(Errc::invalid_argument,
                    fmt::format("The repository's URL names no repository of a git host: {}",
                                storable_text(full_name, 200)));
    return path;
}

Awaitable<HostAnswer> HostRequests::send(HostRequest request) {
    auto host = host_of(request.url);
    http::ClientRequest out;
    out.method = std::move(request.method);
    out.url = std::move(request.url);
    out.headers = std::move(request.headers);
    // GitHub wants to be told who asks.
    out.headers.emplace_back("user-agent", "Millwright");
    out.headers.emplace_back("accept", "application/json");
    if (!request.basic_pair.empty())
        out.headers.emplace_back("authorization",
                                 "Basic " + crypto::base64_encode(request.basic_pair.reveal()));
    else
        out.bearer_token = std::move(request.token);
    if (request.body) out.set_json(boost::json::serialize(*request.body));
    out.admits = std::move(request.admits);
    out.total_timeout = 20s;
    out.response_bytes_max = kAnswerBytesMax;
    auto response = co_await client_.send(std::move(out));
    if (!response && response.error().code == Errc::forbidden)
        co_return fail(Errc::unavailable,
                       fmt::format("{} is in no network where a git host may be: the operator's "
                                   "setting MILLWRIGHT_GIT_HOST_NETWORKS lists them.",
                                   host));
    if (!response) co_return fail(response.error());
    if (!response->ok() || response->status == 203)
        co_return fail(error_of(*response, host, now()));
    HostAnswer answer{.body = nullptr, .headers = std::move(response->headers)};
    if (response->body.empty()) co_return answer;
    auto body = parse_json(response->body);
    if (!body) co_return fail(Errc::upstream_failed, fmt::format("{} answers with no JSON.", host));
    answer.body = std::move(*body);
    co_return answer;
}

Awaitable<> HostRequests::each_page(HostRequest request, int pages_max, std::string member,
                                    std::function<bool(const boost::json::array&)> want) {
    auto mark = request.url.find('?') == request.url.npos ? '?' : '&';
    for (int page = 1; page <= pages_max; ++page) {
        auto one = request;
        one.url += fmt::format("{}per_page={}&page={}", mark, kPageSize, page);
        MW_CO_TRY(auto answer, co_await send(std::move(one)));
        const auto* list = &answer.body;
        if (!member.empty())
            list = answer.body.is_object() ? answer.body.get_object().if_contains(member) : nullptr;
        if (!list || !list->is_array())
            co_return fail(Errc::upstream_failed,
                           fmt::format("{} gives no list.", host_of(request.url)));
        const auto& items = list->get_array();
        if (!want(items) || items.size() < kPageSize) break;
    }
    co_return result<>{};
}

}  // namespace mw::git_hosts
