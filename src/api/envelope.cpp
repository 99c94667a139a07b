#include "api/envelope.hpp"

namespace mw::api {
namespace {

boost::json::object status_object(int status) {
    return {{"code", status},
            {"is_success", true},
            {"user_message", "Success!"},
            {"developer_message", ""}};
}

}  // namespace

http::Response success(boost::json::value data, int status) {
    boost::json::object envelope;
    envelope["status"] = status_object(status);
    envelope["data"] = std::move(data);
    return http::Response::json(status, envelope);
}

http::Response success_list(boost::json::array data, const ListQuery& query,
                            std::int64_t total_count, Id account_id) {
    boost::json::object filters = query.shown_filters;
    filters["limit"] = query.limit;
    filters["offset"] = query.offset;
    filters["account_id"] = account_id;
    auto count = static_cast<std::int64_t>(data.size());
    boost::json::object envelope;
    envelope["status"] = status_object(200);
    envelope["data"] = std::move(data);
    envelope["extra"] = {{"filters", std::move(filters)},
                         {"order_by", query.order_by},
                         {"pagination", {{"count", count}, {"total_count", total_count}}}};
    return http::Response::json(200, envelope);
}

http::Response success_all(boost::json::array data, Id account_id) {
    ListQuery query;
    query.order_by = "id";
    auto count = static_cast<std::int64_t>(data.size());
    return success_list(std::move(data), query, count, account_id);
}

}  // namespace mw::api
