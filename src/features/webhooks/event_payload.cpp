#include "features/webhooks/event_payload.hpp"

#include "base/json_optional.hpp"

namespace mw::webhooks {
namespace {

// In the words of these events, which are not those of the rest of the API.
std::string_view status_word(int status) {
    switch (status) {
        case 3:
            return "Running";
        case 10:
            return "Success";
        case 20:
            return "Errored";
        case 30:
            return "Cancelled";
        default:
            return "Queued";
    }
}

}  // namespace

boost::json::object event_payload(const Subscription& subscription, std::string_view event_id,
                                  std::string_view type, const RunFacts& run, Timestamp at) {
    boost::json::object data{{"jobId", std::to_string(run.job_id)},
                             {"jobName", run.job_name},
                             {"runId", std::to_string(run.run_id)},
                             {"environmentId", std::to_string(run.environment_id)},
                             {"environmentName", run.environment_name},
                             {"dbtVersion", run.dbt_version},
                             {"projectName", run.project_name},
                             {"projectId", std::to_string(run.project_id)},
                             {"runStatus", status_word(run.status)},
                             {"runStatusCode", run.status},
                             {"runStatusMessage", run.status_message.value_or("None")},
                             {"runReason", run.reason},
                             {"runStartedAt", time_or_null(run.started_at)}};
    if (type == kRunErrored) data["runErroredAt"] = time_or_null(run.finished_at);
    if (type == kRunCompleted) data["runFinishedAt"] = time_or_null(run.finished_at);
    return {{"accountId", subscription.account_id},
            {"webhooksID", subscription.id},
            {"eventId", event_id},
            {"timestamp", format_rfc3339(at)},
            {"eventType", type},
            {"webhookName", subscription.name},
            {"data", std::move(data)}};
}

boost::json::object test_payload(const Subscription& subscription, std::string_view event_id,
                                 Timestamp at) {
    std::string_view type = kRunStarted;
    if (!subscription.event_types.empty()) type = subscription.event_types.front();
    RunFacts made_up{.account_id = subscription.account_id,
                     .job_id = subscription.job_ids.empty() ? 1 : subscription.job_ids.front(),
                     .job_name = "Test of this webhook",
                     .run_id = 1,
                     .environment_id = 1,
                     .environment_name = "Production",
                     .dbt_version = "latest",
                     .project_id = 1,
                     .project_name = "Test",
                     .status = type == kRunStarted   ? 3
                               : type == kRunErrored ? 20
                                                     : 10,
                     .status_message = std::nullopt,
                     .reason = "Test of this webhook",
                     .started_at = at,
                     .finished_at = at};
    return event_payload(subscription, event_id, type, made_up, at);
}

}  // namespace mw::webhooks
