#include "api/list_query.hpp"

#include <gtest/gtest.h>

namespace mw::api {
namespace {

using Items = std::vector<std::string>;

constexpr Filter kFilters[] = {{"status", "r.status", FilterType::integer},
                               {"project_id", "r.project_id", FilterType::id},
                               {"name", "r.name", FilterType::text},
                               {"created_at", "r.created_at", FilterType::time}};
constexpr OrderColumn kOrders[] = {{"id", "r.id"}, {"created_at", "r.created_at"}};
const ListSpec kSpec{"test",
                     "SELECT r.id FROM runs r WHERE r.account_id = $1",
                     "",
                     kFilters,
                     kOrders,
                     "-id",
                     "r.project_id",
                     "r.state",
                     DefaultState::active};

http::Request ask(std::vector<std::pair<std::string, std::string>> query) {
    http::Request request;
    request.query = std::move(query);
    return request;
}

TEST(ListParameter, ReadsEverySpellingOfTheClients) {
    EXPECT_EQ(parse_list_parameter("[1,2,3]"), (Items{"1", "2", "3"}));
    EXPECT_EQ(parse_list_parameter(R"(["repository","connection"])"),
              (Items{"repository", "connection"}));
    EXPECT_EQ(parse_list_parameter("a,b"), (Items{"a", "b"}));
    EXPECT_EQ(parse_list_parameter("[adapter]"), (Items{"adapter"}));
    EXPECT_EQ(parse_list_parameter("['job']"), (Items{"job"}));
    EXPECT_EQ(parse_list_parameter("7"), (Items{"7"}));
    EXPECT_EQ(parse_list_parameter("[]"), Items{});
    EXPECT_EQ(parse_list_parameter(""), Items{});
}

TEST(ListQuery, RepeatedKeysAddUp) {
    auto related = included_related(
        ask({{"include_related", "job"}, {"include_related", "[\"trigger\",\"run_steps\"]"}}));
    EXPECT_EQ(related, (std::set<std::string>{"job", "trigger", "run_steps"}));
}

TEST(ListQuery, BuildsSqlWithParametersOnly) {
    auto query = parse_list_query(ask({{"status__in", "[10,20]"},
                                       {"project_id", "7"},
                                       {"name__icontains", "50%"},
                                       {"unknown", "'; DROP TABLE runs"},
                                       {"order_by", "-created_at"},
                                       {"limit", "5"},
                                       {"offset", "10"}}),
                                  kSpec);
    ASSERT_TRUE(query) << query.error().message;
    EXPECT_EQ(query->select_sql(kSpec),
              "SELECT r.id FROM runs r WHERE r.account_id = $1 AND r.state = 1"
              " AND r.status = ANY($2::integer[]) AND r.project_id = $3::bigint"
              " AND r.name ILIKE $4 ORDER BY r.created_at DESC NULLS LAST, r.id DESC"
              " LIMIT 5 OFFSET 10");
    EXPECT_EQ(query->params[0], "{\"10\",\"20\"}");
    EXPECT_EQ(query->params[2], "%50\\%%");
}

TEST(ListQuery, AnOrderIsOneThatAnIndexHas) {
    constexpr OrderColumn kIndexed[] = {{"id", "r.id", false}, {"finished_at", "r.finished_at"}};
    auto spec = kSpec;
    spec.orders = kIndexed;
    auto order = [&](std::string by) {
        return parse_list_query(ask({{"order_by", std::move(by)}}), spec).value().order_sql;
    };
    EXPECT_EQ(order("-id"), " ORDER BY r.id DESC");
    EXPECT_EQ(order("finished_at"), " ORDER BY r.finished_at, r.id");
    EXPECT_EQ(order("-finished_at"), " ORDER BY r.finished_at DESC NULLS LAST, r.id DESC");
}

TEST(ListQuery, OfALargeTableThePageIsChosenFirst) {
    auto spec = kSpec;
    spec.select = "SELECT r.id FROM runs r WHERE r.id IN (SELECT id FROM page)";
    spec.page = "WITH page AS (SELECT r.id FROM runs r WHERE r.account_id = $1{}) ";
    auto query = parse_list_query(ask({{"limit", "5"}}), spec).value();
    EXPECT_EQ(query.select_sql(spec),
              "WITH page AS (SELECT r.id FROM runs r WHERE r.account_id = $1 AND r.state = 1"
              " ORDER BY r.id DESC NULLS LAST LIMIT 5 OFFSET 0) "
              "SELECT r.id FROM runs r WHERE r.id IN (SELECT id FROM page)"
              " ORDER BY r.id DESC NULLS LAST");
}

TEST(ListQuery, ATotalIsReadWhereItIsKept) {
    static constexpr SumLevel kLevels[] = {{"r.status", 0}, {"r.project_id", 2}};
    constexpr Sums kSums{"SELECT total FROM sums r WHERE level = {}", kLevels};
    auto spec = kSpec;
    spec.count = "SELECT count(*) FROM runs r";
    spec.state_sql = "";
    spec.sums = &kSums;
    auto count = [&](std::vector<std::pair<std::string, std::string>> asked) {
        return parse_list_query(ask(std::move(asked)), spec).value().count_sql(spec);
    };
    EXPECT_EQ(count({}), "SELECT total FROM sums r WHERE level = 0");
    EXPECT_EQ(count({{"status", "1"}, {"project_id", "7"}}),
              "SELECT total FROM sums r WHERE level = 2 AND r.status = $2::integer"
              " AND r.project_id = $3::bigint");
    // By what they do not tell apart.
    EXPECT_EQ(count({{"name", "x"}}), "SELECT count(*) FROM runs r AND r.name = $2::text");
    auto limited = parse_list_query(ask({}), spec).value();
    limited.limit_to(spec, {.all = false, .ids = {7}});
    EXPECT_TRUE(limited.count_sql(spec).starts_with("SELECT total FROM sums r WHERE level = 2"));
}

TEST(ListQuery, NamesTheParameterThatIsWrong) {
    auto field = [](std::string name, std::string value) {
        auto query = parse_list_query(ask({{std::move(name), std::move(value)}}), kSpec);
        return query ? "" : query.error().fields.front().field;
    };
    EXPECT_EQ(field("limit", "ten"), "limit");
    EXPECT_EQ(field("offset", "-1"), "offset");
    EXPECT_EQ(field("order_by", "password"), "order_by");
    EXPECT_EQ(field("state", "gone"), "state");
    EXPECT_EQ(field("project_id", "x"), "project_id");
    EXPECT_EQ(field("created_at__range", "[\"2024-01-01\"]"), "created_at__range");
}

TEST(ListQuery, LimitIsCappedAndRangesTakeTwoTimes) {
    auto query = parse_list_query(
        ask({{"limit", "5000"}, {"created_at__range", R"(["2024-01-01","2024-02-01"])"}}), kSpec);
    ASSERT_TRUE(query) << query.error().message;
    EXPECT_EQ(query->limit, 100);
    EXPECT_NE(query->where_sql.find("BETWEEN $2::timestamptz AND $3::timestamptz"),
              std::string::npos);
}

TEST(ListQuery, ShowsWhatTheCallersProjectsHold) {
    auto query = parse_list_query(ask({{"status", "10"}}), kSpec).value();
    query.limit_to(kSpec, {.all = false, .ids = {7, 8}});
    EXPECT_TRUE(query.where_sql.ends_with(" AND r.project_id = ANY($3::bigint[])"))
        << query.where_sql;
    EXPECT_EQ(*query.params.back(), "{7,8}");
    auto all = parse_list_query(ask({}), kSpec).value();
    all.limit_to(kSpec, {.all = true, .ids = {}});
    EXPECT_EQ(all.where_sql.find("project_id"), std::string::npos);
}

}  // namespace
}  // namespace mw::api
