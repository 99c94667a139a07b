// dbt Cloud's answer envelope (contract 3.1).
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "api/list_query.hpp"
#include "infra/http/server/message.hpp"

namespace mw::api {

// {"status": {...}, "data": data}
http::Response success(boost::json::value data, int status = 200);

// The same with "extra": filters as asked, order and counts.
http::Response success_list(boost::json::array data, const ListQuery& query,
                            std::int64_t total_count, Id account_id);

// The same of an array of `count` that is text already.
http::Response success_list(std::string_view data, std::size_t count, const ListQuery& query,
                            std::int64_t total_count, Id account_id);

// A list that is not paged: all that there is.
http::Response success_all(boost::json::array data, Id account_id);

}  // namespace mw::api
