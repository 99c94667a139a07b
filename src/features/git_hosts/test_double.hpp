// For tests: a git host's API in the process, which answers as a test says and remembers what it
// was asked. A double: what real hosts do is for the functional tests.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "infra/http/testing/server.hpp"

namespace mw::git_hosts {

class HostDouble {
  public:
    struct Asked {
        std::string method;
        std::string target;
        std::string authorization;
        std::string body;

        std::string line() const { return method + " " + target; }
    };
    // A whole answer, as `http_testing::simple_response` makes it.
    using Answer = std::function<std::string(const Asked&)>;

    void answer_with(Answer answer) {
        std::lock_guard lock(mutex_);
        answer_ = std::move(answer);
    }
    void answer_with(int status, std::string body, std::string headers = "") {
        answer_with(
            [=](const Asked&) { return http_testing::simple_response(status, body, headers); });
    }
    std::vector<Asked> asked() const {
        std::lock_guard lock(mutex_);
        return asked_;
    }
    std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        for (const auto& each : asked())
            lines.push_back(each.line());
        return lines;
    }
    void forget() {
        std::lock_guard lock(mutex_);
        asked_.clear();
    }
    std::string url() const { return fmt::format("http://127.0.0.1:{}", server_.port()); }

  private:
    void serve(http_testing::Connection& connection) {
        while (auto head = connection.read_head()) {
            Asked one{.method = head->method(),
                      .target = head->target(),
                      .authorization = head->header("authorization"),
                      .body = connection.read_body(*head)};
            Answer answer;
            {
                std::lock_guard lock(mutex_);
                asked_.push_back(one);
                answer = answer_;
            }
            if (!connection.write(answer(one))) break;
        }
    }

    mutable std::mutex mutex_;
    std::vector<Asked> asked_;
    Answer answer_ = [](const Asked&) { return http_testing::simple_response(200, "{}"); };
    http_testing::Server server_ = http_testing::Server::tcp(
        [this](http_testing::Connection& connection) { serve(connection); });
};

}  // namespace mw::git_hosts
