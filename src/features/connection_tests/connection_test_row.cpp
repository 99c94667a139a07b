#include "features/connection_tests/connection_test_row.hpp"

namespace mw::connection_tests {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<Timestamp>& at) {
    return at ? json::value(format_rfc3339(*at)) : json::value(nullptr);
}

json::value duration_of(const ConnectionTest& test) {
    if (!test.started_at || !test.finished_at) return nullptr;
    return std::chrono::duration<double>(*test.finished_at - *test.started_at).count();
}

}  // namespace

json::object connection_test_json(const ConnectionTest& test) {
    auto status = static_cast<Status>(test.status);
    bool over = status == Status::success || status == Status::error;
    return {{"id", test.id},
            {"account_id", test.account_id},
            {"environment_id", test.environment_id},
            {"status", test.status},
            {"is_complete", over},
            {"ok", over ? json::value(status == Status::success) : json::value(nullptr)},
            {"message", test.message},
            {"output", test.output},
            {"created_at", format_rfc3339(test.created_at)},
            {"started_at", time_or_null(test.started_at)},
            {"finished_at", time_or_null(test.finished_at)},
            {"duration", duration_of(test)}};
}

}  // namespace mw::connection_tests
