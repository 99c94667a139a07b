// One request under way: a curl easy handle, its options and callbacks. Private to this folder.
#pragma once

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "infra/http/client/client.hpp"

namespace mw::http::detail {

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

class Transfer {
  public:
    using Done = std::move_only_function<void(result<ClientResponse>)>;

    // Checks the request and prepares the handle; nothing is sent yet.
    static result<std::unique_ptr<Transfer>> make(ClientRequest request);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    ~Transfer();

    CURL* easy() const { return easy_.get(); }

    // What the caller of send gets, once curl is through with the handle.
    result<ClientResponse> outcome(CURLcode code);

    Done done;  // called once, by the owner

  private:
    explicit Transfer(ClientRequest request);

    result<> set_target();
    result<> set_method_and_body();
    result<> set_headers();
    result<> set_tls();
    result<> set_sink();
    void set_limits();
    void set_callbacks();
    template <class Value>
    void set(CURLoption option, Value value);
    bool add_header(const std::string& line);

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_upload(char* into, std::size_t size, std::size_t count, void* self);
    static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
    static int on_seek(void* self, curl_off_t offset, int origin);
    void take_header(std::string_view line);
    result<> take_body(std::string_view piece);
    result<> finish_file();

    ClientRequest request_;
    ClientResponse response_;
    std::string host_;  // for messages
    std::unique_ptr<CURL, FreeEasy> easy_;
    std::unique_ptr<curl_slist, FreeList> headers_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    bool options_failed_ = false;
    bool refused_ = false;  // an address that may not be called
    std::uint64_t body_bytes_ = 0;
    UniqueFd upload_;
    UniqueFd download_;
    std::filesystem::path download_part_;
    std::optional<Error> failure_;  // ours; curl only knows that a callback gave up
};

}  // namespace mw::http::detail
