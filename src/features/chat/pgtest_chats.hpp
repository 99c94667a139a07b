// For tests: an account with a job, and a server that answers as Slack and as a workflow of Teams.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "features/chat/chat_api.hpp"
#include "features/runs/pgtest_api.hpp"
#include "features/runs/run_service.hpp"
#include "infra/http/testing/server.hpp"

namespace mw::chat {

// Answers well unless it is told otherwise, and keeps what it was asked.
class Double {
  public:
    struct Asked {
        std::string method;
        std::string target;
        std::string authorization;
        std::string content_type;
        std::string body;

        boost::json::value json() const { return boost::json::parse(body); }
    };

    explicit Double()
        : server_(http_testing::Server::tcp([this](http_testing::Connection& connection) {
              while (auto head = connection.read_head()) {
                  auto target = head->target();
                  asked_.push_back({head->method(), target, head->header("authorization"),
                                    head->header("content-type"), connection.read_body(*head)});
                  connection.write(answer_to(target.substr(0, target.find('?'))));
              }
          })) {}

    std::string url(std::string_view path = "") const {
        return fmt::format("http://127.0.0.1:{}{}", server_.port(), path);
    }
    // The next answers at this path, before it answers well again.
    void say(const std::string& path, std::string body, int status = 200,
             std::string headers = "") {
        answers_[path].push_back(http_testing::simple_response(status, body, headers));
    }
    void say_no(const std::string& error, const std::string& path = "/chat.postMessage") {
        say(path, fmt::format(R"({{"ok": false, "error": "{}"}})", error));
    }
    std::vector<Asked> at(std::string_view path) const {
        std::vector<Asked> found;
        for (const auto& each : asked_)
            if (each.target.starts_with(path)) found.push_back(each);
        return found;
    }
    // To which channels, in order.
    std::vector<std::string> posts() const {
        std::vector<std::string> channels;
        for (const auto& each : at("/chat.postMessage"))
            channels.emplace_back(each.json().at("channel").as_string());
        return channels;
    }

  private:
    std::string answer_to(const std::string& path) {
        if (auto& told = answers_[path]; !told.empty()) {
            auto answer = told.front();
            told.pop_front();
            return answer;
        }
        if (path == "/auth.test")
            return http_testing::simple_response(
                200, R"({"ok": true, "team": "Harbour", "team_id": "T1", "user": "millwright",
                         "user_id": "U1", "bot_id": "B1"})");
        if (path == "/hook") return http_testing::simple_response(202, "");
        return http_testing::simple_response(200, R"({"ok": true})");
    }

    std::vector<Asked> asked_;
    std::map<std::string, std::deque<std::string>> answers_;
    http_testing::Server server_;
};

class ChatWorld : public testing::Test {
  protected:
    ChatWorld() {
        world_.act_as(account_);
        add_chat_endpoints(world_.api(), world_.pool(), messenger_);
        user_ = world_.value<Id>(
            "INSERT INTO users (email) VALUES ('ann@example.com') RETURNING id AS v");
        world_.sql(
            "INSERT INTO account_members (account_id, user_id, license_type) "
            "VALUES ($1, $2, 'developer')",
            account_, user_);
        world_.authenticator().caller.user_id = user_;
    }

    ChatSettings settings() {
        ChatSettings settings;
        settings.slack = SlackSettings{"client-1", Secret("client secret"), double_.url()};
        settings.teams = true;
        settings.networks = *http::AddressRules::parse("127.0.0.0/8");
        settings.retries = {.attempts = 2, .first_pause = std::chrono::seconds(0)};
        return settings;
    }
    std::string path(std::string rest = "") {
        return fmt::format("/api/ui/accounts/{}/chat/{}", account_, rest);
    }
    test::Answer connect(std::string token = "xoxb-secret-1") {
        return world_.post(path("slack/token/"), fmt::format(R"({{"token": "{}"}})", token));
    }
    Id add_teams(std::string name = "Alarms", std::string secret = "sig") {
        auto made = world_.post(path("teams/"), fmt::format(R"({{"name": "{}", "url": "{}?{}"}})",
                                                            name, double_.url("/hook"), secret));
        EXPECT_EQ(made.status, 201) << made.body;
        return made.data().at("id").as_int64();
    }
    void slack_rule(std::string column, std::string channel, int type = 5) {
        world_.sql(fmt::format("INSERT INTO notifications (account_id, user_id, type, "
                               "slack_channel_id, slack_channel_name, {}) "
                               "VALUES ($1, $2, $3, $4, $4 || '-name', ARRAY[$5::bigint])",
                               column),
                   account_, user_, type, channel, job_);
    }
    void teams_rule(std::string column, Id channel) {
        world_.sql(fmt::format("INSERT INTO notifications (account_id, user_id, type, "
                               "teams_channel_id, {}) VALUES ($1, $2, 6, $3, ARRAY[$4::bigint])",
                               column),
                   account_, user_, channel, job_);
    }
    Id ended(runs::Status status, bool with_warning = false) {
        auto run = world_.queued_run(job_);
        world_.sql("UPDATE runs SET status = 3, started_at = now() WHERE id = $1", run);
        if (with_warning)
            world_.sql(
                "INSERT INTO run_nodes (run_id, step_index, unique_id, name, resource_type, "
                "status) VALUES ($1, 4, 'test.a.b', 'b', 'test', 'warn')",
                run);
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
                MW_CO_CHECK(co_await runs::finish_run(tx, run, status, "over"));
                co_return result<>{};
            });
        });
        return run;
    }
    // The names of the channels that hear of a run that ends so.
    std::vector<std::string> told(runs::Status status, bool with_warning = false) {
        auto rows = world_.sql(
            "SELECT channel_name FROM chat_messages WHERE run_id = $1 ORDER BY channel_name",
            ended(status, with_warning));
        return rows.column<std::string>("channel_name");
    }
    bool deliver() {
        return world_.get([&] { return messenger_.deliver_next(); });
    }
    int deliver_all() {
        int sent = 0;
        while (deliver())
            ++sent;
        return sent;
    }
    boost::json::value messages(std::string status) {
        return world_.get(path("messages/?status=" + status)).data();
    }
    int letters() {
        return world_.value<int>(
            "SELECT count(*)::integer AS v FROM letters WHERE kind = 'chat_broken'");
    }

    test::ApiWorld world_;
    Double double_;
    Id account_ = world_.account();
    Id job_ = world_.job(account_);
    Id user_ = 0;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Messenger messenger_{
        world_.ioc().get_executor(), world_.pool(), sealer_, settings(), "https://h",
        mail::Outbox(sealer_)};
};

}  // namespace mw::chat
