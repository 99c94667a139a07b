// Every statement of the program is prepared against the migrated schema: a misspelt column or a
// parameter of the wrong type fails here, not in production.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "infra/pg/connection.hpp"
#include "test_support/world.hpp"

namespace mw::pg {
namespace {

// BEGIN, SET and their like: PREPARE takes statements on data only.
bool is_preparable(std::string_view sql) {
    sql.remove_prefix(std::min(sql.find_first_not_of(" \n"), sql.size()));
    for (std::string_view verb : {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"})
        if (sql.starts_with(verb)) return true;
    return false;
}

TEST(QueryRegistry, EveryStatementFitsTheSchema) {
    test::World world;
    int prepared = 0;
    for (const auto* query : registered_queries()) {
        if (!is_preparable(query->sql)) continue;
        auto outcome = world.run([&]() -> asio::awaitable<result<Rows>> {
            MW_CO_TRY(auto connection, co_await world.pool().acquire());
            MW_CO_CHECK(co_await connection->run_text(
                query->name, fmt::format("PREPARE statement AS {}", query->sql)));
            co_return co_await connection->run_text("deallocate", "DEALLOCATE statement");
        });
        EXPECT_TRUE(outcome) << query->name << ": " << outcome.error().detail;
        ++prepared;
    }
    // All features are linked in, whether this program uses them or not.
    EXPECT_GT(prepared, 80);
}

// A name is a label in logs and metrics: two statements must not share one. (Those of
// transactions are registered once for each kind of transaction.)
TEST(QueryRegistry, NamesAreUnique) {
    std::map<std::string, std::string> known;
    for (const auto* query : registered_queries()) {
        auto [place, is_new] = known.emplace(query->name, query->sql);
        EXPECT_EQ(place->second, query->sql) << query->name;
        EXPECT_NE(std::string(query->name).find('.'), std::string::npos) << query->name;
    }
}

}  // namespace
}  // namespace mw::pg
