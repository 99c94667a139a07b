// git's smart HTTP protocol over bare repositories, by git's own CGI program.
//
//   GET  …/info/refs?service=git-upload-pack    POST …/git-upload-pack     a fetch
//   GET  …/info/refs?service=git-receive-pack   POST …/git-receive-pack    a push
//
// Who may do which is the caller's to decide before. Errors: not_found when the repository is not
// there; unavailable when as many fetches and pushes are going on as there may be at once.
// Thread: one io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "infra/http/server/message.hpp"

namespace mw::git {

enum class Service { fetch, push };

// Which of the two a request is for, by its path and query; empty when for neither.
std::optional<Service> service_of(const http::Request& request);

class HttpBackend {
  public:
    // `root` holds the repositories, a folder each.
    explicit HttpBackend(std::filesystem::path root);

    const std::filesystem::path& root() const { return root_; }

    // `folder` is the repository's below `root`; `user` is whom git's own log names. The body
    // must have been spooled to `request.body_file`.
    boost::asio::awaitable<result<http::Response>> serve(const http::Request& request,
                                                         Service service, std::string folder,
                                                         std::string user);

  private:
    std::filesystem::path root_;
    std::shared_ptr<int> running_ = std::make_shared<int>(0);
};

}  // namespace mw::git
