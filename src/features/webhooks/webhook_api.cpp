#include "features/webhooks/webhook_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "api/example_schema.hpp"
#include "features/audit/audit_store.hpp"
#include "features/webhooks/delivery.hpp"
#include "features/webhooks/event_payload.hpp"
#include "features/webhooks/outbox_store.hpp"
#include "features/webhooks/webhook_input.hpp"
#include "features/webhooks/webhook_store.hpp"
#include "infra/crypto/random.hpp"

namespace mw::webhooks {
namespace {

constexpr std::int64_t kPageMax = 100;

boost::json::object status(int code) {
    return {{"code", code},
            {"is_success", true},
            {"user_message", "Success!"},
            {"developer_message", ""}};
}

http::Response one(boost::json::object data, int code = 200) {
    return http::Response::json(
        code, boost::json::object{{"status", status(code)}, {"data", std::move(data)}});
}

http::Response many(boost::json::array data, PageOf page, std::int64_t total) {
    auto count = static_cast<std::int64_t>(data.size());
    return http::Response::json(
        200, boost::json::object{{"status", status(200)},
                                 {"data", std::move(data)},
                                 {"extra",
                                  {{"filters", {{"limit", page.limit}, {"offset", page.offset}}},
                                   {"order_by", "created_at"},
                                   {"pagination", {{"count", count}, {"total_count", total}}}}}});
}

result<std::int64_t> number_of(const http::Request& request, std::string_view name,
                               std::int64_t otherwise) {
    auto text = request.query_value(name);
    if (!text || text->empty()) return otherwise;
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || number < 0)
        return fail_field(std::string(name), "must be a whole number of at least 0");
    return number;
}

result<PageOf> page_of(const http::Request& request) {
    PageOf page;
    MW_TRY(page.limit, number_of(request, "limit", page.limit));
    MW_TRY(page.offset, number_of(request, "offset", page.offset));
    page.limit = std::min(page.limit, kPageMax);
    return page;
}

class WebhookApi {
  public:
    WebhookApi(pg::Pool& pool, const crypto::Sealer& sealer, http::AddressRules addresses)
        : pool_(pool), sealer_(sealer), addresses_(std::move(addresses)) {}

    api::Reply list(api::Call& call) {
        MW_CO_TRY(auto page, page_of(call.request));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto total, co_await count_subscriptions(*lease, call.account_id));
        MW_CO_TRY(auto found, co_await list_subscriptions(*lease, call.account_id, page));
        boost::json::array data;
        for (const auto& subscription : found)
            data.push_back(subscription_json(subscription));
        co_return many(std::move(data), page, total);
    }

    // The secret that signs its events is in this answer only.
    api::Reply create(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        Subscription subscription;
        MW_CO_CHECK(read_subscription(body, true, subscription));
        subscription.id = "wsu_" + crypto::random_hex(14);
        subscription.account_id = call.account_id;
        auto secret = crypto::random_hex(32);
        pg::Bytes sealed{sealer_.seal(Secret(secret), sealing_context(subscription.id))};
        auto work = [&](pg::Connection& tx) -> Awaitable<std::optional<Subscription>> {
            MW_CO_CHECK(co_await check_jobs(tx, subscription));
            MW_CO_CHECK(co_await insert_subscription(tx, subscription, sealed));
            MW_CO_CHECK(co_await record(tx, call, "webhook.created", subscription));
            co_return co_await find_subscription(tx, call.account_id, subscription.id);
        };
        MW_CO_TRY(auto made, co_await pg::with_tx(pool_, work));
        if (!made) co_return api::not_found();
        auto json = subscription_json(*made);
        json["hmac_secret"] = secret;
        co_return one(std::move(json), 201);
    }

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto found, co_await find(*lease, call));
        co_return one(subscription_json(found));
    }

    api::Reply update(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        auto work = [&](pg::Connection& tx) -> Awaitable<Subscription> {
            MW_CO_TRY(auto subscription, co_await find(tx, call));
            MW_CO_CHECK(read_subscription(body, false, subscription));
            MW_CO_CHECK(co_await check_jobs(tx, subscription));
            MW_CO_CHECK(co_await update_subscription(tx, subscription));
            if (!subscription.active) MW_CO_CHECK(co_await drop_events(tx, subscription.id));
            MW_CO_CHECK(co_await record(tx, call, "webhook.updated", subscription));
            co_return co_await find(tx, call);
        };
        MW_CO_TRY(auto changed, co_await pg::with_tx(pool_, work));
        co_return one(subscription_json(changed));
    }

    api::Reply remove(api::Call& call) {
        auto work = [&](pg::Connection& tx) -> Awaitable<std::string> {
            MW_CO_TRY(auto subscription, co_await find(tx, call));
            MW_CO_CHECK(co_await delete_subscription(tx, call.account_id, subscription.id));
            MW_CO_CHECK(co_await record(tx, call, "webhook.deleted", subscription));
            co_return subscription.id;
        };
        MW_CO_TRY(auto id, co_await pg::with_tx(pool_, work));
        co_return one({{"id", id}});
    }

    // A try by hand; its event and receipt are kept like any other's.
    api::Reply test(api::Call& call) {
        std::optional<Subscription> subscription;
        std::optional<pg::Bytes> sealed;
        {
            MW_CO_TRY(auto lease, co_await pool_.acquire());
            MW_CO_TRY(subscription, co_await find(*lease, call));
            MW_CO_TRY(sealed, co_await sealed_secret(*lease, subscription->id));
        }
        if (!sealed) co_return api::not_found();
        MW_CO_TRY(auto secret, sealer_.open(sealed->data, sealing_context(subscription->id)));
        Event event;
        event.id = "wev_" + crypto::random_hex(14);
        event.subscription_id = subscription->id;
        Receipt receipt;
        receipt.id = "wre_" + crypto::random_hex(14);
        receipt.event_id = event.id;
        receipt.dispatched_at = now();
        auto payload = test_payload(*subscription, event.id, receipt.dispatched_at);
        event.event_type = std::string(payload.at("eventType").as_string());
        event.payload = boost::json::serialize(payload);
        http::Client client(co_await asio::this_coro::executor);
        auto attempt = co_await deliver(client, subscription->client_url, std::move(secret),
                                        event.payload, addresses_);
        receipt.http_status_code = attempt.http_status_code;
        receipt.error_info = attempt.error_info;
        receipt.request_body = event.payload;
        receipt.request_headers = attempt.request_headers;
        receipt.response_body = attempt.response_body;
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await insert_event(tx, event));
            MW_CO_CHECK(co_await insert_receipt(tx, call.account_id, receipt));
            co_return co_await record(tx, call, "webhook.tested", *subscription);
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        co_return one({{"event_id", event.id},
                       {"http_status_code", std::to_string(attempt.http_status_code)},
                       {"error_info", attempt.error_info}});
    }

    api::Reply events(api::Call& call) {
        MW_CO_TRY(auto page, page_of(call.request));
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto subscription, co_await find(*lease, call));
        MW_CO_TRY(auto total, co_await count_events(*lease, call.account_id, subscription.id));
        MW_CO_TRY(auto found, co_await list_events(*lease, call.account_id, subscription.id, page));
        boost::json::array data;
        for (const auto& event : found)
            data.push_back(event_json(event));
        co_return many(std::move(data), page, total);
    }

    api::Reply event(api::Call& call) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto found, co_await find_event(*lease, call.account_id,
                                                  call.request.path_params["event_id"]));
        if (!found) co_return api::not_found();
        co_return one(event_json(*found));
    }

    api::Reply receipts(api::Call& call) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto event, co_await find_event(*lease, call.account_id,
                                                  call.request.path_params["event_id"]));
        if (!event) co_return api::not_found();
        MW_CO_TRY(auto found, co_await receipts_of(*lease, call.account_id, event->id));
        boost::json::array data;
        for (const auto& receipt : found)
            data.push_back(receipt_json(receipt));
        co_return http::Response::json(
            200, boost::json::object{{"status", status(200)}, {"data", std::move(data)}});
    }

    api::Reply receipt(api::Call& call) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto found, co_await find_receipt(*lease, call.account_id,
                                                    call.request.path_params["receipt_id"]));
        if (!found) co_return api::not_found();
        co_return one(receipt_json(*found));
    }

  private:
    static Awaitable<Subscription> find(pg::Connection& connection, const api::Call& call) {
        MW_CO_TRY(auto found,
                  co_await find_subscription(connection, call.account_id,
                                             call.request.path_params["subscription_id"]));
        if (!found) co_return api::not_found();
        co_return std::move(*found);
    }

    static Awaitable<> check_jobs(pg::Connection& tx, const Subscription& subscription) {
        MW_CO_TRY(auto known,
                  co_await known_jobs(tx, subscription.account_id, subscription.job_ids));
        for (auto id : subscription.job_ids)
            if (std::ranges::find(known, id) == known.end())
                co_return fail_field("job_ids", fmt::format("there is no job {}", id));
        co_return result<>{};
    }

    static Awaitable<> record(pg::Connection& tx, const api::Call& call, std::string_view event,
                              const Subscription& subscription) {
        co_return co_await audit::record(tx, call.caller,
                                         {event,
                                          "webhook",
                                          std::nullopt,
                                          {{"id", subscription.id}, {"name", subscription.name}}});
    }

    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
    http::AddressRules addresses_;
};

using How = api::Route::Answer;
constexpr auto kReads = api::reads(api::Area::webhooks);
constexpr auto kWrites = api::writes(api::Area::webhooks);
const std::string kBase = "/api/v3/accounts/{account_id}/webhooks/";
const std::string kOne = kBase + "subscription/{subscription_id}/";

void add_event_endpoints(api::Api& api, const std::shared_ptr<WebhookApi>& webhooks) {
    auto event = api::schema_like(event_json({}));
    auto receipt = api::schema_like(receipt_json({}));
    api.get(kOne + "events/", kReads,
            [webhooks](api::Call& call) { return webhooks->events(call); })
        .says("List the events of a subscription, the latest first")
        .gives(How::list, event)
        .asks({"limit", "offset"});
    auto receipts = [webhooks](api::Call& call) { return webhooks->receipts(call); };
    api.get(kOne + "event/{event_id}/receipt/", kReads, receipts)
        .says("What became of each try to deliver an event")
        .gives(How::one, {{"type", "array"}, {"items", receipt}});
    api.get(kBase + "event/{event_id}/", kReads,
            [webhooks](api::Call& call) { return webhooks->event(call); })
        .says("Get a webhook event")
        .gives(How::one, event);
    api.get(kBase + "event/{event_id}/receipts/", kReads, receipts)
        .says("What became of each try to deliver an event")
        .gives(How::one, {{"type", "array"}, {"items", receipt}});
    api.get(kBase + "receipt/{receipt_id}/", kReads,
            [webhooks](api::Call& call) { return webhooks->receipt(call); })
        .says("Get a receipt")
        .gives(How::one, receipt);
}

}  // namespace

std::string sealing_context(const std::string& subscription_id) {
    return "webhook_subscriptions:" + subscription_id;
}

void add_webhook_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                           http::AddressRules addresses) {
    auto webhooks = std::make_shared<WebhookApi>(pool, sealer, std::move(addresses));
    auto subscribed = api::schema_like(subscription_json({}));
    boost::json::object text{{"type", "string"}};
    boost::json::object body{
        {"type", "object"},
        {"properties",
         {{"name", text},
          {"description", text},
          {"client_url", text},
          {"active", {{"type", "boolean"}}},
          {"event_types",
           {{"type", "array"},
            {"items",
             {{"type", "string"},
              {"enum", {"job.run.started", "job.run.completed", "job.run.errored"}}}}}},
          {"job_ids", {{"type", "array"}, {"items", {{"type", {"integer", "string"}}}}}}}}};
    auto required = body;
    required["required"] = {"name", "client_url", "event_types"};
    api.get(kBase + "subscriptions/", kReads,
            [webhooks](api::Call& call) { return webhooks->list(call); })
        .says("List webhook subscriptions")
        .gives(How::list, subscribed)
        .asks({"limit", "offset"});
    api.post(kBase + "subscriptions/", kWrites,
             [webhooks](api::Call& call) { return webhooks->create(call); })
        .says("Subscribe to events of runs; the secret is in this answer only")
        .takes(required)
        .gives(How::one, subscribed);
    api.get(kOne, kReads, [webhooks](api::Call& call) { return webhooks->get(call); })
        .says("Get a webhook subscription")
        .gives(How::one, subscribed);
    api.put(kOne, kWrites, [webhooks](api::Call& call) { return webhooks->update(call); })
        .says("Change a webhook subscription")
        .takes(body)
        .gives(How::one, subscribed);
    api.del(kOne, kWrites, [webhooks](api::Call& call) { return webhooks->remove(call); })
        .says("Delete a webhook subscription")
        .gives(How::one, {{"type", "object"}, {"properties", {{"id", text}}}});
    api.get(kOne + "test/", kWrites, [webhooks](api::Call& call) { return webhooks->test(call); })
        .says("Send a made-up event to the subscriber, once")
        .gives(How::one,
               {{"type", "object"},
                {"required", {"event_id"}},
                {"properties",
                 {{"event_id", text}, {"http_status_code", text}, {"error_info", text}}}});
    add_event_endpoints(api, webhooks);
}

}  // namespace mw::webhooks
