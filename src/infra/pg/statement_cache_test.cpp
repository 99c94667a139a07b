#include "infra/pg/statement_cache.hpp"

#include <gtest/gtest.h>

namespace mw::pg {
namespace {

TEST(StatementCache, PreparesWhatComesASecondTime) {
    StatementCache cache(10);
    EXPECT_EQ(cache.advise("SELECT 1").name, "");
    auto second = cache.advise("SELECT 1");
    EXPECT_NE(second.name, "");
    EXPECT_TRUE(second.prepare);
    // The server refused it: it is tried again.
    EXPECT_TRUE(cache.advise("SELECT 1").prepare);
    cache.prepared("SELECT 1");
    auto third = cache.advise("SELECT 1");
    EXPECT_EQ(third.name, second.name);
    EXPECT_FALSE(third.prepare);
}

TEST(StatementCache, TheOneUsedLongestAgoMakesRoom) {
    StatementCache cache(2);
    for (const auto* sql : {"a", "a", "b", "b"})
        cache.advise(sql);
    auto a = cache.advise("a").name;
    auto b = cache.advise("b").name;
    cache.prepared("a");
    cache.prepared("b");
    cache.advise("a");
    EXPECT_EQ(cache.advise("c").remove, b);
    EXPECT_EQ(cache.advise("a").name, a);
    // What was never prepared needs no removal.
    EXPECT_EQ(cache.advise("d").remove, std::nullopt);
}

TEST(StatementCache, WhatIsForgottenBeginsAnewUnderAnotherName) {
    StatementCache cache(10);
    cache.advise("a");
    auto before = cache.advise("a").name;
    cache.forget("a");
    cache.forget("b");
    EXPECT_EQ(cache.advise("a").name, "");
    EXPECT_NE(cache.advise("a").name, before);
}

}  // namespace
}  // namespace mw::pg
