#include "features/audit_logs/audit_log_api.hpp"

#include <fmt/format.h>

#include "api/example_schema.hpp"
#include "api/list_reply.hpp"
#include "features/audit_logs/audit_log_store.hpp"

namespace mw::audit_logs {
namespace {

namespace asio = boost::asio;

constexpr int kPageEntries = 500;
// The only export there is: all of the log, made as it is read.
constexpr std::string_view kExport = "all";

result<std::optional<Timestamp>> time_of(const http::Request& request, std::string_view name) {
    auto text = request.query_value(name);
    if (!text || text->empty()) return std::nullopt;
    auto at = parse_time(*text);
    if (!at) return fail_field(std::string(name), "must be a time such as 2024-05-27T10:42:16Z");
    return at;
}

api::Reply list(pg::Pool& pool, api::Call& call) {
    // dbt Cloud's names for a span of time.
    for (auto [theirs, ours] :
         {std::pair("logged_at_start", "logged_at__gte"), {"logged_at_end", "logged_at__lte"}})
        if (auto value = call.request.query_value(theirs))
            call.request.query.emplace_back(ours, *value);
    co_return co_await api::list_reply<AuditEntry>(pool, call, audit_list(), audit_entry_json);
}

// Streamed page by page: a log of years needs no memory.
api::Reply download(pg::Pool& pool, api::Call& call) {
    Span span;
    MW_CO_TRY(span.from, time_of(call.request, "logged_at_start"));
    MW_CO_TRY(span.to, time_of(call.request, "logged_at_end"));
    struct Progress {
        bool begun = false;
        bool over = false;
        Id after = 0;
    };
    auto progress = std::make_shared<Progress>();
    http::Response response;
    response.headers["content-type"] = "text/csv; charset=utf-8";
    response.headers["content-disposition"] = "attachment; filename=\"audit-log.csv\"";
    response.headers["cache-control"] = "no-store";
    response.stream = [&pool, progress, span,
                       account_id = call.account_id]() -> asio::awaitable<result<std::string>> {
        std::string piece;
        if (!std::exchange(progress->begun, true)) piece = csv_head();
        if (progress->over) co_return piece;
        MW_CO_TRY(auto entries,
                  co_await next_entries(pool, account_id, span, progress->after, kPageEntries));
        for (const auto& entry : entries) {
            piece += csv_line(entry);
            progress->after = entry.id;
        }
        progress->over = entries.size() < std::size_t{kPageEntries};
        co_return piece;
    };
    co_return response;
}

api::Reply export_download(api::Call& call) {
    if (call.request.path_params["job_identifier"] != kExport) co_return api::not_found();
    co_return api::success({{"download_url", fmt::format("/api/v3/accounts/{}/audit-logs/download/",
                                                         call.account_id)}});
}

}  // namespace

void add_audit_log_endpoints(api::Api& api, pg::Pool& pool) {
    using How = api::Route::Answer;
    constexpr auto reads = api::reads(api::Area::audit_logs);
    const std::string path = "/api/v3/accounts/{account_id}/audit-logs/";
    api.get(path, reads, [&pool](api::Call& call) { return list(pool, call); })
        .says("List the audit log, the latest first")
        .gives(How::list, api::schema_like(audit_entry_json(AuditEntry{})))
        .asks({"limit", "offset", "order_by"});
    api.get(path + "download/", reads, [&pool](api::Call& call) { return download(pool, call); })
        .says("The audit log as CSV")
        .gives(How::raw)
        .in("text/csv");
    // An export needs no waiting here: what is downloaded is made while it is sent.
    api.get(path + "export/", reads,
            [](api::Call&) -> api::Reply { co_return api::success({{"is_running", false}}); })
        .says("Whether an export is being made");
    api.post(path + "export/", reads,
             [](api::Call&) -> api::Reply { co_return api::success({{"job_id", kExport}}); })
        .says("Export the audit log");
    api.get(path + "export/{job_identifier}/download/", reads, export_download)
        .says("Where an export can be fetched");
}

}  // namespace mw::audit_logs
