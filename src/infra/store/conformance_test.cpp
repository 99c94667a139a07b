#include "infra/store/conformance.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

namespace mw::store {

using testing::ElementsAre;
using testing::IsEmpty;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ObjectStoreConformance);

std::string ObjectStoreConformance::get(const std::string& key, std::optional<ByteRange> range) {
    auto reader = run(store().get(key, range));
    if (!reader) return "error: " + reader.error().message;
    std::string all;
    for (;;) {
        auto piece = run((*reader)->read(1000));
        if (!piece) return "error: " + piece.error().message;
        if (piece->empty()) break;
        EXPECT_LE(piece->size(), 1000U);
        all += *piece;
    }
    EXPECT_EQ(all.size(), (*reader)->length_bytes());
    return all;
}

std::vector<std::string> ObjectStoreConformance::keys(const std::string& prefix,
                                                      const std::string& after, std::size_t limit) {
    std::vector<std::string> found;
    auto page = run(store().list(prefix, after, limit));
    EXPECT_TRUE(page) << (page ? "" : page.error().message);
    if (page)
        for (const auto& object : page->objects)
            found.push_back(object.key);
    return found;
}

TEST_P(ObjectStoreConformance, GivesBackWhatWasPut) {
    std::string all_bytes;
    for (int i = 0; i < 256; ++i)
        all_bytes += static_cast<char>(i);
    for (const std::string& bytes :
         {std::string(), std::string("x"), all_bytes, std::string(3'000'000, 'y')}) {
        auto info = put("accounts/1/runs/2/manifest.json", bytes);
        EXPECT_EQ(info.size_bytes, bytes.size());
        EXPECT_EQ(get("accounts/1/runs/2/manifest.json"), bytes);
    }
}

TEST_P(ObjectStoreConformance, HeadTellsTheFacts) {
    auto before = now();
    auto put_info = run(store().put("a/b.json", "{}", {.content_type = "application/json"}));
    ASSERT_TRUE(put_info);
    auto head = run(store().head("a/b.json"));
    ASSERT_TRUE(head);
    EXPECT_EQ(head->key, "a/b.json");
    EXPECT_EQ(head->size_bytes, 2U);
    EXPECT_EQ(head->content_type, "application/json");
    EXPECT_EQ(head->etag, put_info->etag);
    EXPECT_FALSE(head->etag.empty());
    EXPECT_GT(head->modified_at, before - std::chrono::minutes(1));
    EXPECT_LT(head->modified_at, before + std::chrono::minutes(1));
}

TEST_P(ObjectStoreConformance, EtagFollowsTheContent) {
    auto one = put("k", "one"), two = put("k", "two"), again = put("other", "one");
    EXPECT_NE(one.etag, two.etag);
    EXPECT_EQ(one.etag, again.etag);
}

TEST_P(ObjectStoreConformance, MissingIsNotFound) {
    put("a/b", "x");
    for (const char* key : {"none", "a", "a/b/c", "a/c"}) {
        EXPECT_EQ(run(store().get(key)).error().code, Errc::not_found) << key;
        EXPECT_EQ(run(store().head(key)).error().code, Errc::not_found) << key;
    }
    EXPECT_EQ(run(store().get_bytes("none", 10)).error().code, Errc::not_found);
}

TEST_P(ObjectStoreConformance, RangesAreInclusiveAndCut) {
    put("k", "0123456789");
    EXPECT_EQ(get("k", ByteRange{0, 0}), "0");
    EXPECT_EQ(get("k", ByteRange{2, 4}), "234");
    EXPECT_EQ(get("k", ByteRange{7, {}}), "789");
    EXPECT_EQ(get("k", ByteRange{7, 1000}), "789");
    for (auto range : {ByteRange{10, {}}, ByteRange{10, 20}, ByteRange{5, 4}})
        EXPECT_EQ(run(store().get("k", range)).error().code, Errc::invalid_argument);
    put("empty", "");
    EXPECT_EQ(run(store().get("empty", ByteRange{0, 0})).error().code, Errc::invalid_argument);
}

TEST_P(ObjectStoreConformance, GetBytesHasALimit) {
    put("k", "0123456789");
    EXPECT_EQ(run(store().get_bytes("k", 10)).value(), "0123456789");
    EXPECT_EQ(run(store().get_bytes("k", 9)).error().code, Errc::limit_exceeded);
}

TEST_P(ObjectStoreConformance, ReplacingLeavesOpenReadersAlone) {
    put("k", "old content");
    auto reader = run(store().get("k"));
    ASSERT_TRUE(reader);
    put("k", "new");
    EXPECT_EQ(run((*reader)->read(100)).value(), "old content");
    EXPECT_EQ(get("k"), "new");
}

TEST_P(ObjectStoreConformance, PutFileCopies) {
    auto file = std::filesystem::path(testing::TempDir()) /
                fmt::format("mw_put_file_{}", static_cast<const void*>(this));
    std::string content(700'000, 'f');
    std::ofstream(file) << content;
    auto info = run(store().put_file("k", file, {.content_type = "text/plain"}));
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(info->size_bytes, content.size());
    EXPECT_TRUE(std::filesystem::exists(file));
    std::filesystem::remove(file);
    EXPECT_EQ(get("k"), content);
    EXPECT_EQ(run(store().put_file("k2", file, {})).error().code, Errc::not_found);
    EXPECT_EQ(run(store().head("k2")).error().code, Errc::not_found);
}

TEST_P(ObjectStoreConformance, WriterShowsNothingBeforeCommit) {
    auto writer = run(store().create("log/1", {.content_type = "text/plain"}));
    ASSERT_TRUE(writer);
    ASSERT_TRUE(run((*writer)->write("hello ")));
    ASSERT_TRUE(run((*writer)->write("world")));
    EXPECT_EQ(run(store().head("log/1")).error().code, Errc::not_found);
    EXPECT_THAT(keys(""), IsEmpty());
    auto info = run((*writer)->commit());
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(info->size_bytes, 11U);
    EXPECT_EQ(get("log/1"), "hello world");
    EXPECT_FALSE(run((*writer)->write("more")));
    EXPECT_FALSE(run((*writer)->commit()));
    EXPECT_EQ(get("log/1"), "hello world");
}

TEST_P(ObjectStoreConformance, WriterWithoutCommitLeavesNothing) {
    put("k", "old");
    {
        auto writer = run(store().create("k", {}));
        ASSERT_TRUE(writer);
        ASSERT_TRUE(run((*writer)->write("half")));
    }
    EXPECT_EQ(get("k"), "old");
    EXPECT_THAT(keys(""), ElementsAre("k"));
}

TEST_P(ObjectStoreConformance, ListsInByteOrderByPrefix) {
    for (const char* key : {"a", "a/b", "a-b", "a0", "a/b/c", "b/1", "B", "a/é", "a/b.obj/x",
                            "a/b.obj", "a/b.dir/x", "runs/10/log", "runs/1/log", "runs/1/x"})
        put(key, key);
    EXPECT_THAT(keys(""),
                ElementsAre("B", "a", "a-b", "a/b", "a/b.dir/x", "a/b.obj", "a/b.obj/x", "a/b/c",
                            "a/é", "a0", "b/1", "runs/1/log", "runs/1/x", "runs/10/log"));
    EXPECT_THAT(keys("a/"),
                ElementsAre("a/b", "a/b.dir/x", "a/b.obj", "a/b.obj/x", "a/b/c", "a/é"));
    EXPECT_THAT(keys("runs/1"), ElementsAre("runs/1/log", "runs/1/x", "runs/10/log"));
    EXPECT_THAT(keys("runs/1/"), ElementsAre("runs/1/log", "runs/1/x"));
    EXPECT_THAT(keys("runs/1/l"), ElementsAre("runs/1/log"));
    for (const char* prefix : {"none", "a/b/c/d", "/", "a//", "../", "runs/1/log/"})
        EXPECT_THAT(keys(prefix), IsEmpty()) << prefix;
    for (const char* key : {"a", "a/b", "a/b.obj", "a/b.obj/x", "a/b.dir/x"})
        EXPECT_EQ(get(key), key);
}

TEST_P(ObjectStoreConformance, PagesMeetWithoutGapOrRepeat) {
    std::vector<std::string> all;
    for (int i = 0; i < 25; ++i) {
        all.push_back(fmt::format("p/{:02}/{}", i / 5, i));
        put(all.back(), "x");
    }
    std::ranges::sort(all);
    for (std::size_t limit : {std::size_t{1}, std::size_t{4}, std::size_t{25}, std::size_t{26}}) {
        std::vector<std::string> paged;
        for (std::string after;;) {
            auto page = run(store().list("p/", after, limit));
            ASSERT_TRUE(page);
            for (const auto& object : page->objects)
                paged.push_back(object.key);
            if (!page->more) break;
            ASSERT_EQ(page->objects.size(), limit);
            after = page->objects.back().key;
        }
        EXPECT_EQ(paged, all) << limit;
    }
    EXPECT_THAT(keys("p/", "p/04/23"), ElementsAre("p/04/24"));
    EXPECT_THAT(keys("p/04", "p/04/22x"), ElementsAre("p/04/23", "p/04/24"));
    for (std::size_t limit : {std::size_t{0}, kListLimitMax + 1})
        EXPECT_EQ(run(store().list("", "", limit)).error().code, Errc::invalid_argument);
}

TEST_P(ObjectStoreConformance, ListTellsSizes) {
    put("k", "12345");
    auto page = run(store().list("", "", 10));
    ASSERT_TRUE(page);
    ASSERT_EQ(page->objects.size(), 1U);
    EXPECT_EQ(page->objects[0].size_bytes, 5U);
}

TEST_P(ObjectStoreConformance, RemoveIsIdempotent) {
    put("a/b", "x");
    put("a/c", "x");
    EXPECT_TRUE(run(store().remove("a/b")));
    EXPECT_TRUE(run(store().remove("a/b")));
    EXPECT_TRUE(run(store().remove("never/was")));
    EXPECT_TRUE(run(store().remove("a")));
    EXPECT_THAT(keys(""), ElementsAre("a/c"));
}

TEST_P(ObjectStoreConformance, RemovePrefixTakesExactlyThose) {
    for (const char* key : {"runs/1/a", "runs/1/b/c", "runs/10/a", "runs/2/a"})
        put(key, "x");
    EXPECT_EQ(run(store().remove_prefix("runs/1/")).value(), 2U);
    EXPECT_EQ(run(store().remove_prefix("runs/1/")).value(), 0U);
    EXPECT_THAT(keys(""), ElementsAre("runs/10/a", "runs/2/a"));
    EXPECT_EQ(run(store().remove_prefix("")).error().code, Errc::invalid_argument);
    EXPECT_THAT(keys(""), ElementsAre("runs/10/a", "runs/2/a"));
}

TEST_P(ObjectStoreConformance, BadKeysAreRefusedEverywhere) {
    for (const std::string& key :
         {std::string(), std::string("/a"), std::string("a/"), std::string("a//b"),
          std::string(".."), std::string("../a"), std::string("a/../b"), std::string("a/./b"),
          std::string("a/.."), std::string("a\\b"), std::string("a\nb"), std::string("a\0b", 3),
          std::string("\xff"), std::string(1025, 'x'), std::string(201, 'x')}) {
        EXPECT_EQ(run(store().put(key, "x", {})).error().code, Errc::invalid_argument) << key;
        EXPECT_EQ(run(store().put_file(key, "/dev/null", {})).error().code, Errc::invalid_argument);
        EXPECT_EQ(run(store().create(key, {})).error().code, Errc::invalid_argument);
        EXPECT_EQ(run(store().get(key)).error().code, Errc::invalid_argument);
        EXPECT_EQ(run(store().head(key)).error().code, Errc::invalid_argument);
        EXPECT_EQ(run(store().remove(key)).error().code, Errc::invalid_argument);
    }
    EXPECT_THAT(keys(""), IsEmpty());
}

TEST_P(ObjectStoreConformance, OddButLegalKeysWork) {
    std::string longest;
    while (longest.size() + 201 <= 1000)
        longest += std::string(200, 'k') + "/";
    longest += "end";
    for (const std::string& key :
         {std::string("a b+c@d%2e%2e~'\"?&#"), std::string(".hidden/..x/x.."),
          std::string("modèle/模型.sql"), longest}) {
        put(key, key);
        EXPECT_EQ(get(key), key);
        EXPECT_THAT(keys(key), ElementsAre(key));
    }
}

TEST_P(ObjectStoreConformance, ConcurrentPutsAndRemovesStayWhole) {
    auto churn = [this](int round) -> boost::asio::awaitable<void> {
        for (int i = 0; i < 20; ++i) {
            auto bytes = std::string(static_cast<std::size_t>(1000 + round), char('a' + round));
            EXPECT_TRUE(co_await store().put("deep/er/k", std::move(bytes), {}));
            auto got = co_await store().get_bytes("deep/er/k", 1 << 20);
            if (got) EXPECT_EQ(got->find_first_not_of(got->front()), std::string::npos);
            if (!got) EXPECT_EQ(got.error().code, Errc::not_found);
            EXPECT_TRUE(co_await store().remove("deep/er/k"));
        }
    };
    for (int round = 0; round < 8; ++round)
        boost::asio::co_spawn(ioc_, churn(round),
                              [](std::exception_ptr thrown) { EXPECT_FALSE(thrown); });
    ioc_.restart();
    ioc_.run();
    EXPECT_THAT(keys(""), IsEmpty());
}

TEST_P(ObjectStoreConformance, CheckPassesAndLeavesNothing) {
    EXPECT_TRUE(run(store().check()));
    EXPECT_THAT(keys(""), IsEmpty());
}

}  // namespace mw::store
