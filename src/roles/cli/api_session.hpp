// The public API as the command line uses it. One io thread.
#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <string>

#include "base/ids.hpp"
#include "infra/http/client/client.hpp"

namespace mw::cli {

// Where the API is and as whom to speak to it.
struct ApiTarget {
    std::string url;  // "https://host:8443"
    Secret token;
    Id account_id = 0;                         // 0: the token's account
    std::filesystem::path pinned_certificate;  // of a self-signed appliance

    // From the environment, else from `demo_file` (default: var/demo.json if it is there).
    static result<ApiTarget> find(const std::filesystem::path& demo_file);
};

// What an answer that is no success says.
Error api_error(const http::ClientResponse& response);

class ApiSession {
  public:
    ApiSession(boost::asio::any_io_executor executor, ApiTarget target)
        : client_(executor), target_(std::move(target)) {}

    // Finds out the account if the target names none.
    boost::asio::awaitable<result<>> open();

    // The envelope's `data`; the API's own words as the error.
    boost::asio::awaitable<result<boost::json::value>> get(std::string path);
    boost::asio::awaitable<result<boost::json::value>> post(std::string path,
                                                            boost::json::value body);
    // A path under /api/v2/accounts/{account}.
    std::string account_path(std::string_view rest) const;
    // A path under /api/ui/accounts/{account}.
    std::string ui_path(std::string_view rest) const;
    const ApiTarget& target() const { return target_; }

  private:
    boost::asio::awaitable<result<boost::json::value>> send(http::ClientRequest request);

    http::Client client_;
    ApiTarget target_;
};

}  // namespace mw::cli
