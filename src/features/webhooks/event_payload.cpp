#include "features/webhooks/event_payload.hpp"

namespace mw::webhooks {

boost::json::object test_payload(const Subscription& subscription, std::string_view event_id,
                                 Timestamp at) {
    auto type = subscription.event_types.empty() ? std::string(kEventTypes[0])
                                                 : subscription.event_types.front();
    bool started = type == kEventTypes[0];
    bool errored = type == kEventTypes[2];
    auto job = subscription.job_ids.empty() ? Id{1} : subscription.job_ids.front();
    boost::json::object data{{"jobId", std::to_string(job)},
                             {"jobName", "Test of this webhook"},
                             {"runId", "1"},
                             {"environmentId", "1"},
                             {"environmentName", "Production"},
                             {"dbtVersion", "latest"},
                             {"projectName", "Test"},
                             {"projectId", "1"},
                             {"runStatus", started   ? "Running"
                                           : errored ? "Errored"
                                                     : "Success"},
                             {"runStatusCode", started   ? 3
                                               : errored ? 20
                                                         : 10},
                             {"runStatusMessage", "None"},
                             {"runReason", "Test of this webhook"},
                             {"runStartedAt", format_rfc3339(at)}};
    if (errored)
        data["runErroredAt"] = format_rfc3339(at);
    else if (!started)
        data["runFinishedAt"] = format_rfc3339(at);
    return {{"accountId", subscription.account_id},
            {"webhooksID", subscription.id},
            {"eventId", event_id},
            {"timestamp", format_rfc3339(at)},
            {"eventType", type},
            {"webhookName", subscription.name},
            {"data", std::move(data)}};
}

}  // namespace mw::webhooks
