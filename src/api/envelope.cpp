#include "api/envelope.hpp"

#include "base/json_members.hpp"

namespace mw::api {
namespace {

boost::json::object status_object(int status) {
    return {{"code", status},
            {"is_success", true},
            {"user_message", "Success!"},
            {"developer_message", ""}};
}

boost::json::object list_extra(const ListQuery& query, std::size_t count, std::int64_t total_count,
                               Id account_id) {
    boost::json::object filters = query.shown_filters;
    filters["limit"] = query.limit;
    filters["offset"] = query.offset;
    filters["account_id"] = account_id;
    return {{"filters", std::move(filters)},
            {"order_by", query.order_by},
            {"pagination", {{"count", count}, {"total_count", total_count}}}};
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
    boost::json::object envelope;
    envelope["status"] = status_object(200);
    envelope["extra"] = list_extra(query, data.size(), total_count, account_id);
    envelope["data"] = std::move(data);
    return http::Response::json(200, envelope);
}

http::Response success_list(std::string_view data, std::size_t count, const ListQuery& query,
                            std::int64_t total_count, Id account_id) {
    std::string text;
    text.reserve(data.size() + 1024);
    text += R"({"status":)";
    append_json(text, status_object(200));
    text += R"(,"data":)";
    text += data;
    text += R"(,"extra":)";
    append_json(text, list_extra(query, count, total_count, account_id));
    text += '}';
    return http::Response::json_text(200, std::move(text));
}

http::Response success_all(boost::json::array data, Id account_id) {
    ListQuery query;
    query.order_by = "id";
    auto count = static_cast<std::int64_t>(data.size());
    return success_list(std::move(data), query, count, account_id);
}

}  // namespace mw::api
