#include "features/webhooks/webhook.hpp"

#include "base/described_json.hpp"

namespace mw::webhooks {
namespace {

std::string microseconds(Timestamp at) {
    return std::to_string(
        std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count());
}

}  // namespace

boost::json::object subscription_json(const Subscription& subscription) {
    auto json = described_to_json(subscription);
    json["account_id"] = std::to_string(subscription.account_id);
    boost::json::array jobs;
    for (auto id : subscription.job_ids)
        jobs.emplace_back(std::to_string(id));
    json["job_ids"] = std::move(jobs);
    json["http_status_code"] = std::to_string(subscription.http_status_code);
    json["dispatched_at"] = nullptr;
    if (subscription.dispatched_at)
        json["dispatched_at"] = microseconds(*subscription.dispatched_at);
    json["created_at"] = microseconds(subscription.created_at);
    json["updated_at"] = microseconds(subscription.updated_at);
    return json;
}

boost::json::object event_json(const Event& event) {
    return {{"id", event.id},
            {"subscription_id", event.subscription_id},
            {"account_identifier", event.account_identifier},
            {"account_id", std::to_string(event.account_id)},
            {"job_id", event.job_id ? std::to_string(*event.job_id) : ""},
            {"trigger_event_type", event.event_type},
            {"payload", event.payload},
            {"http_status_code", std::to_string(event.http_status_code)}};
}

boost::json::object receipt_json(const Receipt& receipt) {
    auto json = described_to_json(receipt);
    json["dispatched_at"] = microseconds(receipt.dispatched_at);
    json["http_status_code"] = std::to_string(receipt.http_status_code);
    return json;
}

}  // namespace mw::webhooks
