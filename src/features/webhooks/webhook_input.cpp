#include "features/webhooks/webhook_input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace mw::webhooks {
namespace {

void read_jobs(JsonReader& in, std::vector<Id>& out) {
    const auto* given = in.find("job_ids");
    if (!given || given->is_null()) return;
    if (!given->is_array()) return in.error("job_ids", "must be a list");
    std::vector<Id> ids;
    for (const auto& item : given->get_array()) {
        std::optional<Id> id;
        if (item.is_int64() && item.get_int64() > 0) id = item.get_int64();
        if (item.is_string()) id = parse_id(std::string_view(item.get_string()));
        if (!id) return in.error("job_ids", "must be ids of jobs");
        ids.push_back(*id);
    }
    out = std::move(ids);
}

bool is_url(std::string_view url) {
    for (std::string_view scheme : {"https://", "http://"})
        if (url.starts_with(scheme) && url.size() > scheme.size())
            return url.find_first_of(" \t\r\n") == url.npos;
    return false;
}

}  // namespace

result<> read_subscription(const RequestBody& body, bool is_new, Subscription& subscription) {
    JsonReader in(body);
    if (is_new) {
        in.required("name", subscription.name, {1, 255});
        in.required("client_url", subscription.client_url, {1, 2048});
        if (!in.has("event_types")) in.error("event_types", "is required");
    } else {
        in.keep("name", subscription.name, {1, 255});
        in.keep("client_url", subscription.client_url, {1, 2048});
    }
    in.keep("description", subscription.description, {0, 4096});
    in.keep("active", subscription.active);
    if (const auto* types = in.find("event_types"); types && types->is_string())
        subscription.event_types = {std::string(types->get_string())};
    else
        in.keep("event_types", subscription.event_types);
    if (in.has("event_types") && subscription.event_types.empty())
        in.error("event_types", "must not be empty");
    for (const auto& type : subscription.event_types)
        if (std::ranges::find(kEventTypes, std::string_view(type)) == std::end(kEventTypes))
            in.error("event_types",
                     fmt::format("{} is none of {}", type, fmt::join(kEventTypes, ", ")));
    if (!subscription.client_url.empty() && !is_url(subscription.client_url))
        in.error("client_url", "must begin with https:// or http://");
    read_jobs(in, subscription.job_ids);
    return in.finish();
}

}  // namespace mw::webhooks
