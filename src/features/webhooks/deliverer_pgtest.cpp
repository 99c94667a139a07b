#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"
#include "features/runs/run_service.hpp"
#include "features/webhooks/deliverer.hpp"
#include "features/webhooks/webhook_api.hpp"
#include "infra/http/testing/server.hpp"

namespace mw::webhooks {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A real subscriber, which answers as it is told and keeps what it was sent.
class Subscriber {
  public:
    explicit Subscriber(std::vector<int> answers)
        : answers_(std::move(answers)),
          server_(http_testing::Server::tcp([this](http_testing::Connection& connection) {
              while (auto head = connection.read_head()) {
                  bodies_.push_back(boost::json::parse(connection.read_body(*head)));
                  auto at = std::min(bodies_.size() - 1, answers_.size() - 1);
                  connection.write(http_testing::simple_response(answers_[at], ""));
              }
          })) {}
    std::string url() const { return fmt::format("http://127.0.0.1:{}/", server_.port()); }
    std::vector<std::string> types() const {
        std::vector<std::string> types;
        for (const auto& body : bodies_)
            types.emplace_back(body.at("eventType").as_string());
        return types;
    }
    const std::vector<boost::json::value>& bodies() const { return bodies_; }

  private:
    std::vector<int> answers_;
    std::vector<boost::json::value> bodies_;
    http_testing::Server server_;
};

class Outbox : public testing::Test {
  protected:
    Outbox() {
        add_webhook_endpoints(world_.api(), world_.pool(), sealer_, loopback_);
        account_ = world_.account();
        job_ = world_.job(account_);
        world_.act_as(account_);
    }
    std::string subscribe(const std::string& url, std::string more = "") {
        auto made = world_.post(fmt::format("/api/v3/accounts/{}/webhooks/subscriptions", account_),
                                fmt::format(R"({{"name": "ci", "client_url": "{}", "event_types":
                ["job.run.started", "job.run.completed", "job.run.errored"]{}}})",
                                            url, more));
        EXPECT_EQ(made.status, 201) << made.body;
        return std::string(made.data().at("id").as_string());
    }
    Id in_status(runs::Status status) {
        auto id = world_.queued_run(job_);
        world_.sql("UPDATE runs SET status = $2 WHERE id = $1", id, static_cast<int>(status));
        return id;
    }
    // One that runs, and how it goes on.
    Id begun() {
        auto id = in_status(runs::Status::starting);
        change([&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_TRY(auto run, co_await runs::lock_run(tx, id));
            co_return co_await runs::report_steps(tx, *run, {}, now());
        });
        return id;
    }
    void end(Id id, runs::Status status, std::string message = "") {
        change([&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await runs::finish_run(tx, id, status, message));
            co_return result<>{};
        });
    }
    template <class Work>
    void change(Work work) {
        world_.get([&]() -> Awaitable<bool> {
            MW_CO_CHECK(co_await pg::with_tx(world_.pool(), work));
            co_return true;
        });
    }
    bool deliver() {
        return world_.get([&] { return deliverer().deliver_next(); });
    }
    void deliver_all() {
        while (deliver()) {
        }
    }
    void make_due() { world_.sql("UPDATE webhook_events SET next_try_at = now()"); }
    Deliverer& deliverer() {
        if (!deliverer_)
            deliverer_.emplace(world_.ioc().get_executor(), world_.pool(), sealer_, loopback_,
                               RetryRules{});
        return *deliverer_;
    }
    int count(std::string_view where) {
        return world_.value<int>(
            fmt::format("SELECT count(*)::integer AS v FROM webhook_events WHERE {}", where));
    }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    http::AddressRules loopback_ = *http::AddressRules::parse("127.0.0.0/8");
    std::optional<Deliverer> deliverer_;
    Id account_ = 0;
    Id job_ = 0;
};

TEST_F(Outbox, ARunIsToldOfInOrder) {
    Subscriber subscriber({200});
    subscribe(subscriber.url());
    auto good = begun();
    end(good, runs::Status::success);
    auto bad = begun();
    end(bad, runs::Status::error, "it broke");
    deliver_all();
    EXPECT_THAT(subscriber.types(),
                ElementsAre("job.run.started", "job.run.completed", "job.run.started",
                            "job.run.errored", "job.run.completed"));
    const auto& first = subscriber.bodies()[0].at("data");
    EXPECT_EQ(first.at("runId").as_string(), std::to_string(good));
    EXPECT_EQ(first.at("runStatus").as_string(), "Running");
    EXPECT_EQ(first.at("runStatusMessage").as_string(), "None");
    const auto& errored = subscriber.bodies()[3].at("data");
    EXPECT_EQ(errored.at("runStatus").as_string(), "Errored");
    EXPECT_EQ(errored.at("runStatusCode"), 20);
    EXPECT_EQ(errored.at("runStatusMessage").as_string(), "it broke");
    EXPECT_TRUE(errored.as_object().contains("runErroredAt"));
    EXPECT_EQ(count("status = 'delivered'"), 5);
}

TEST_F(Outbox, AnEventIsOfTheRunsTransaction) {
    subscribe("http://127.0.0.1:1/");
    auto id = in_status(runs::Status::running);
    auto outcome = world_.run([&]() -> Awaitable<> {
        co_return co_await pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await runs::finish_run(tx, id, runs::Status::success, ""));
            co_return fail(Errc::internal, "undone");
        });
    });
    EXPECT_FALSE(outcome);
    EXPECT_EQ(count("true"), 0);
}

TEST_F(Outbox, OnlyWhoListensIsTold) {
    auto other = world_.job(account_);
    subscribe("http://127.0.0.1:1/", fmt::format(R"(, "job_ids": [{}])", other));
    subscribe("http://127.0.0.1:1/", R"(, "active": false)");
    end(begun(), runs::Status::success);
    EXPECT_EQ(count("true"), 0);
}

TEST_F(Outbox, AFailedTryIsRepeatedAndHoldsBackWhatComesAfter) {
    Subscriber subscriber({503, 200});
    subscribe(subscriber.url());
    auto id = begun();
    EXPECT_TRUE(deliver());
    end(id, runs::Status::success);
    // The second waits for the first, which is not due yet.
    EXPECT_FALSE(deliver());
    EXPECT_EQ(count("next_try_at > now() + interval '5 seconds'"), 1);
    make_due();
    deliver_all();
    EXPECT_THAT(subscriber.types(),
                ElementsAre("job.run.started", "job.run.started", "job.run.completed"));
    EXPECT_EQ(subscriber.bodies()[0].at("eventId"), subscriber.bodies()[1].at("eventId"));
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM webhook_receipts"), 3);
}

TEST_F(Outbox, AfterFiveTriesAnEventIsGivenUpAndAfterFiveEventsTheSubscription) {
    Subscriber subscriber({500});
    auto id = subscribe(subscriber.url());
    for (int event = 0; event < 5; ++event) {
        EXPECT_TRUE(
            world_.value<bool>("SELECT active AS v FROM webhook_subscriptions WHERE id = $1", id));
        begun();
        for (int attempt = 0; attempt < 5; ++attempt) {
            make_due();
            EXPECT_TRUE(deliver());
        }
        make_due();
        EXPECT_FALSE(deliver());
    }
    EXPECT_EQ(count("status = 'failed' AND attempts = 5"), 5);
    auto shown =
        world_.get(fmt::format("/api/v3/accounts/{}/webhooks/subscription/{}", account_, id))
            .data();
    EXPECT_FALSE(shown.at("active").as_bool());
    EXPECT_THAT(std::string(shown.at("deactivate_reason").as_string()), HasSubstr("answered 500"));
    begun();
    EXPECT_EQ(count("status = 'pending'"), 0);
}

TEST_F(Outbox, WhatAnotherTookIsLeftUntilItsTimeIsUp) {
    Subscriber subscriber({200});
    subscribe(subscriber.url());
    begun();
    // Whoever took it has died.
    ASSERT_TRUE(world_.get([&] { return take_event(world_.pool()); }));
    EXPECT_FALSE(deliver());
    world_.sql("UPDATE webhook_events SET taken_until = now() - interval '1 second'");
    EXPECT_TRUE(deliver());
    EXPECT_THAT(subscriber.types(), ElementsAre("job.run.started"));
}

TEST_F(Outbox, WhatASubscriptionHadNotHeardWhenItEndedIsDropped) {
    auto id = subscribe("http://127.0.0.1:1/");
    begun();
    auto path = fmt::format("/api/v3/accounts/{}/webhooks/subscription/{}", account_, id);
    world_.call("PUT", path, R"({"active": false})");
    world_.call("PUT", path, R"({"active": true})");
    EXPECT_FALSE(deliver());
    EXPECT_EQ(count("status = 'failed'"), 1);
}

TEST_F(Outbox, AnAddressInsideIsNotCalledUnlessItIsAllowed) {
    Subscriber subscriber({200});
    subscribe(subscriber.url());
    begun();
    Deliverer strict(world_.ioc().get_executor(), world_.pool(), sealer_, {}, {});
    EXPECT_TRUE(world_.get([&] { return strict.deliver_next(); }));
    EXPECT_TRUE(subscriber.bodies().empty());
    EXPECT_THAT(world_.value<std::string>("SELECT error_info AS v FROM webhook_receipts"),
                HasSubstr("MILLWRIGHT_WEBHOOK_NETWORKS"));
}

TEST_F(Outbox, EventsAreKeptForThirtyDays) {
    Subscriber subscriber({200});
    subscribe(subscriber.url());
    begun();
    deliver_all();
    auto remove = [&] {
        return world_.get([&] { return delete_old_events(world_.pool(), std::chrono::days(30)); });
    };
    EXPECT_EQ(remove(), 0);
    world_.sql("UPDATE webhook_events SET created_at = now() - interval '31 days'");
    EXPECT_EQ(remove(), 1);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM webhook_receipts"), 0);
}

}  // namespace
}  // namespace mw::webhooks
