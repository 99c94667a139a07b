// Webhook subscriptions, events and receipts, as stored and as clients see them.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/value.hpp"

namespace mw::webhooks {

struct Subscription {
    std::string id;  // "wsu_…"
    Id account_id = 0;
    std::string account_identifier;
    std::string name;
    std::string description;
    std::vector<std::string> event_types;
    std::vector<Id> job_ids;  // none: all jobs
    std::string client_url;
    bool active = true;
    std::optional<std::string> deactivate_reason;
    int http_status_code = 0;  // of the latest try; 0: there was none
    std::optional<Timestamp> dispatched_at;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Subscription, (),
                      (id, account_id, account_identifier, name, description, event_types, job_ids,
                       client_url, active, deactivate_reason, http_status_code, dispatched_at,
                       created_at, updated_at))

struct Event {
    std::string id;  // "wev_…"
    Id account_id = 0;
    std::string account_identifier;
    std::string subscription_id;
    std::optional<Id> job_id;
    std::string event_type;
    std::string payload;
    int http_status_code = 0;
};
BOOST_DESCRIBE_STRUCT(Event, (),
                      (id, account_id, account_identifier, subscription_id, job_id, event_type,
                       payload, http_status_code))

struct Receipt {
    std::string id;
    std::string event_id;
    std::string subscription_id;
    Timestamp dispatched_at;
    int http_status_code = 0;
    std::string error_info;
    std::string request_body;
    std::string request_headers;
    std::string response_body;
};
BOOST_DESCRIBE_STRUCT(Receipt, (),
                      (id, event_id, subscription_id, dispatched_at, http_status_code, error_info,
                       request_body, request_headers, response_body))

// The events that there are.
inline constexpr std::string_view kRunStarted = "job.run.started";
inline constexpr std::string_view kRunCompleted = "job.run.completed";  // however it ended
inline constexpr std::string_view kRunErrored = "job.run.errored";
inline constexpr std::string_view kEventTypes[] = {kRunStarted, kRunCompleted, kRunErrored};

boost::json::object subscription_json(const Subscription& subscription);
boost::json::object event_json(const Event& event);
boost::json::object receipt_json(const Receipt& receipt);

}  // namespace mw::webhooks
