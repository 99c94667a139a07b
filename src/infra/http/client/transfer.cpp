#include "infra/http/client/transfer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>

#include "base/files.hpp"
#include "infra/http/client/curl_error.hpp"
#include "infra/http/client/pin.hpp"

namespace mw::http::detail {
namespace {

constexpr std::size_t kErrorBodyBytesMax = 64UL * 1024;
constexpr std::size_t kHeaderBytesMax = 256UL * 1024;
constexpr long kLowSpeedBytesPerSecond = 1;

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) !=
                   std::string_view::npos;
    });
}

bool is_field_value(std::string_view text) {
    return std::ranges::none_of(
        text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; });
}

bool same_name(std::string_view left, std::string_view right) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(left, right, {}, lower, lower);
}

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string url_part(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
    std::string copy(text);
    curl_free(text);
    return copy;
}

std::unexpected<Error> bad_request(std::string message) {
    return fail(Errc::invalid_argument, std::move(message));
}

// Empty for what is neither IPv4 nor IPv6.
std::optional<boost::asio::ip::address> address_of(const curl_sockaddr& address) {
    if (address.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address.addr, sizeof v4);
        return boost::asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address.family == AF_INET6) {
        // There is more of it than the type of `addr` says.
        sockaddr_in6 v6{};
        std::memcpy(&v6, reinterpret_cast<const char*>(&address) + offsetof(curl_sockaddr, addr),
                    sizeof v6);
        boost::asio::ip::address_v6::bytes_type bytes{};
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return boost::asio::ip::address_v6(bytes);
    }
    return std::nullopt;
}

}  // namespace

Transfer::Transfer(ClientRequest request) : request_(std::move(request)), easy_(curl_easy_init()) {
    if (!easy_) throw std::runtime_error("libcurl: no handle");
}

Transfer::~Transfer() {
    if (!download_part_.empty()) ::unlink(download_part_.c_str());
}

result<std::unique_ptr<Transfer>> Transfer::make(ClientRequest request) {
    std::unique_ptr<Transfer> transfer(new Transfer(std::move(request)));
    MW_CHECK(transfer->set_target());
    MW_CHECK(transfer->set_method_and_body());
    MW_CHECK(transfer->set_headers());
    MW_CHECK(transfer->set_tls());
    MW_CHECK(transfer->set_sink());
    transfer->set_limits();
    transfer->set_callbacks();
    if (transfer->options_failed_)
        return fail(Errc::internal, "The HTTP request cannot be prepared");
    return transfer;
}

template <class Value>
void Transfer::set(CURLoption option, Value value) {
    if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK) options_failed_ = true;
}

result<> Transfer::set_target() {
    std::unique_ptr<CURLU, FreeUrl> url(curl_url());
    if (!url || !is_field_value(request_.url) ||
        curl_url_set(url.get(), CURLUPART_URL, request_.url.c_str(), 0) != CURLUE_OK)
        return bad_request("Not a usable URL");
    auto scheme = url_part(url.get(), CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https")
        return bad_request("Only http and https URLs are fetched");
    if (!url_part(url.get(), CURLUPART_USER).empty() ||
        !url_part(url.get(), CURLUPART_PASSWORD).empty())
        return bad_request("A URL must not hold a user name or password");
    host_ = url_part(url.get(), CURLUPART_HOST);

    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    // A redirect never leaves TLS.
    set(CURLOPT_REDIR_PROTOCOLS_STR, scheme == "https" ? "https" : "http,https");
    set(CURLOPT_FOLLOWLOCATION, request_.redirects_max > 0 ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, static_cast<long>(std::max(request_.redirects_max, 0)));
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_PROXY, "");
    if (!request_.unix_socket.empty()) {
        host_ = "the local service";
        set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
    }
    return {};
}

result<> Transfer::set_method_and_body() {
    if (!is_token(request_.method)) return bad_request("Not a usable HTTP method");
    if (!request_.body_file.empty()) {
        upload_ = UniqueFd(::open(request_.body_file.c_str(), O_RDONLY | O_CLOEXEC));
        struct stat facts{};
        if (!upload_ || ::fstat(upload_.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
            auto error = file_error(upload_ ? EINVAL : errno, "The file to be sent cannot be read",
                                    request_.body_file);
            error.code = Errc::invalid_argument;
            return fail(std::move(error));
        }
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(facts.st_size));
        if (request_.method == "PUT") return {};
    } else if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT" ||
               request_.method == "PATCH") {
        // An empty body is sent as Content-Length: 0.
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        set(CURLOPT_POSTFIELDS, request_.body.data());
        if (request_.method == "POST") return {};
    } else if (request_.method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
        return {};
    } else if (request_.method == "GET") {
        return {};
    }
    // Only where curl has no option of its own: a custom method stays through every redirect.
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    return {};
}

bool Transfer::add_header(const std::string& line) {
    auto* extended = curl_slist_append(headers_.get(), line.c_str());
    if (!extended) return false;
    // The list itself has grown: the old head is part of it, not to be freed.
    [[maybe_unused]] auto* head = headers_.release();
    headers_.reset(extended);
    return true;
}

result<> Transfer::set_headers() {
    bool typed = false;
    for (const auto& [name, value] : request_.headers) {
        if (!is_token(name) || !is_field_value(value))
            return bad_request("Not a usable HTTP header");
        typed = typed || same_name(name, "content-type");
        // curl's spelling of a header with no value is a semicolon.
        auto line = value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value);
        if (!add_header(line)) options_failed_ = true;
    }
    if (!request_.bearer_token.empty()) {
        if (!is_field_value(request_.bearer_token.reveal()))
            return bad_request("Not a usable token");
        if (!add_header("Authorization: Bearer " + request_.bearer_token.reveal()))
            options_failed_ = true;
    }
    // Not what curl assumes: no form type, and no second of waiting for "100 Continue".
    if (!typed && !add_header("Content-Type:")) options_failed_ = true;
    if (!add_header("Expect:")) options_failed_ = true;
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_USERAGENT, "millwright");
    return {};
}

result<> Transfer::set_tls() {
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!request_.pinned_certificate.empty()) {
        MW_TRY(auto pin, public_key_pin(request_.pinned_certificate));
        set(CURLOPT_CAINFO, request_.pinned_certificate.c_str());
        set(CURLOPT_CAPATH, nullptr);
        set(CURLOPT_PINNEDPUBLICKEY, pin.c_str());
        // The key itself is the identity; which name it is reached by doesn't matter.
        set(CURLOPT_SSL_VERIFYHOST, 0L);
    } else if (!request_.ca_file.empty()) {
        if (::access(request_.ca_file.c_str(), R_OK) != 0)
            return bad_request("The file of trusted certificates cannot be read");
        set(CURLOPT_CAINFO, request_.ca_file.c_str());
        set(CURLOPT_CAPATH, nullptr);
    }
    return {};
}

result<> Transfer::set_sink() {
    if (request_.body_to_file.empty()) return {};
    auto part = request_.body_to_file;
    part += ".part";
    download_ =
        UniqueFd(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!download_)
        return fail(file_error(errno, "The response cannot be stored", request_.body_to_file));
    download_part_ = std::move(part);
    return {};
}

void Transfer::set_limits() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.total_timeout.count()));
    if (request_.idle_timeout.count() > 0) {
        set(CURLOPT_LOW_SPEED_LIMIT, kLowSpeedBytesPerSecond);
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(request_.idle_timeout.count()));
    }
}

void Transfer::set_callbacks() {
    set(CURLOPT_ERRORBUFFER, error_text_.data());
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_READFUNCTION, &Transfer::on_upload);
    set(CURLOPT_READDATA, static_cast<void*>(this));
    set(CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
    set(CURLOPT_SEEKDATA, static_cast<void*>(this));
    if (!request_.admits) return;
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    static_cast<Transfer*>(self)->take_header({data, size * count});
    return static_cast<Transfer*>(self)->failure_ ? 0 : size * count;
}

void Transfer::take_header(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {
        // A new response: after "100 Continue", after a redirect.
        response_.headers.clear();
        return;
    }
    auto colon = line.find(':');
    if (colon == line.npos) return;
    std::size_t held = line.size();
    for (const auto& [name, value] : response_.headers)
        held += name.size() + value.size();
    if (held > kHeaderBytesMax) {
        failure_ = Error{Errc::limit_exceeded, "The response's headers are too large", {}, {}};
        return;
    }
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t'))
        value.remove_prefix(1);
    response_.headers.emplace_back(line.substr(0, colon), value);
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto* transfer = static_cast<Transfer*>(self);
    // Exceptions must not pass through curl.
    try {
        if (auto taken = transfer->take_body({data, size * count}); !taken)
            transfer->failure_ = std::move(taken).error();
    } catch (const std::exception& thrown) {
        transfer->failure_ =
            Error{Errc::internal, "The response cannot be processed", thrown.what(), {}};
    }
    return transfer->failure_ ? CURL_WRITEFUNC_ERROR : size * count;
}

result<> Transfer::take_body(std::string_view piece) {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299) {
        auto room = kErrorBodyBytesMax - std::min(response_.body.size(), kErrorBodyBytesMax);
        response_.body.append(piece.substr(0, room));
        return {};
    }
    body_bytes_ += piece.size();
    if (body_bytes_ > request_.response_bytes_max)
        return fail(Errc::limit_exceeded, "The response of " + host_ + " is too large");
    if (request_.body_sink) return request_.body_sink(piece);
    if (download_) {
        if (!write_all(download_.get(), piece))
            return fail(file_error(errno, "The response cannot be stored", request_.body_to_file));
        return {};
    }
    response_.body.append(piece);
    return {};
}

std::size_t Transfer::on_upload(char* into, std::size_t size, std::size_t count, void* self) {
    auto* transfer = static_cast<Transfer*>(self);
    for (;;) {
        auto got = ::read(transfer->upload_.get(), into, size * count);
        if (got < 0 && errno == EINTR) continue;
        if (got >= 0) return static_cast<std::size_t>(got);
        transfer->failure_ =
            file_error(errno, "The file to be sent cannot be read", transfer->request_.body_file);
        return CURL_READFUNC_ABORT;
    }
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto* transfer = static_cast<Transfer*>(self);
    auto admitted = false;
    // Exceptions must not pass through curl.
    try {
        auto known = address_of(*address);
        admitted = known && transfer->request_.admits(*known);
    } catch (const std::exception&) {
    }
    if (admitted)
        return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    transfer->refused_ = true;
    return CURL_SOCKET_BAD;
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
    auto* transfer = static_cast<Transfer*>(self);
    if (!transfer->upload_) return CURL_SEEKFUNC_CANTSEEK;
    return ::lseek(transfer->upload_.get(), offset, origin) < 0 ? CURL_SEEKFUNC_FAIL
                                                                : CURL_SEEKFUNC_OK;
}

result<> Transfer::finish_file() {
    if (!download_ || !response_.ok()) return {};
    if (::rename(download_part_.c_str(), request_.body_to_file.c_str()) != 0)
        return fail(file_error(errno, "The response cannot be stored", request_.body_to_file));
    download_part_.clear();
    return {};
}

result<ClientResponse> Transfer::outcome(CURLcode code) {
    if (failure_) return fail(std::move(*failure_));
    if (code == CURLE_COULDNT_CONNECT && refused_)
        return fail(Errc::forbidden, host_ + " is at an address that may not be called");
    if (code != CURLE_OK) return fail(error_of(code, host_, error_text_.data()));
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    MW_CHECK(finish_file());
    return std::move(response_);
}

}  // namespace mw::http::detail

namespace mw::http {

void ClientRequest::set_json(std::string json) {
    body = std::move(json);
    headers.emplace_back("Content-Type", "application/json");
}

std::string_view ClientResponse::header(std::string_view name) const {
    for (const auto& [known, value] : headers)
        if (detail::same_name(known, name)) return value;
    return {};
}

}  // namespace mw::http
