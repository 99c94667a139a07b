#include "features/scim/scim_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/trimmed.hpp"

namespace mw::scim {
namespace {

constexpr std::int64_t kCountMax = 200;

bool same(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

result<> read_number(const http::Request& request, std::string_view name, std::int64_t& out) {
    auto text = request.query_value(name);
    if (!text || text->empty()) return {};
    auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
    if (error != std::errc{} || end != text->data() + text->size())
        return fail_field(std::string(name), "must be a whole number");
    return {};
}

}  // namespace

result<Query> read_query(const http::Request& request, std::string_view attribute) {
    Query query;
    MW_CHECK(read_number(request, "startIndex", query.start_index));
    MW_CHECK(read_number(request, "count", query.count));
    // RFC 7644, 3.4.2.4: below its least a number counts as that.
    query.start_index = std::max<std::int64_t>(query.start_index, 1);
    query.count = std::clamp<std::int64_t>(query.count, 0, kCountMax);
    auto filter = request.query_value("filter");
    if (!filter || filter->empty()) return query;
    std::string_view text = trimmed(*filter, " ");
    auto first = text.find(' ');
    auto second = first == text.npos ? text.npos : text.find(' ', first + 1);
    if (second == text.npos || !same(text.substr(first + 1, second - first - 1), "eq"))
        return fail_field("filter", fmt::format("must be such as {} eq \"x\"", attribute));
    auto name = text.substr(0, first);
    std::string value(trimmed(text.substr(second + 1), " \""));
    if (same(name, attribute))
        query.value = std::move(value);
    else if (same(name, "externalId"))
        query.external_id = std::move(value);
    else
        return fail_field("filter", fmt::format("must be by {} or externalId", attribute));
    return query;
}

}  // namespace mw::scim
