#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "features/run_log/log_flush.hpp"
#include "features/run_log/log_object.hpp"
#include "features/run_log/log_reader.hpp"
#include "features/run_log/step_log.hpp"
#include "test_support/world.hpp"

namespace mw::run_log {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// Puts what it is told into a store of its own; fails on demand.
class FragileStore final : public store::ObjectStore {
  public:
    explicit FragileStore(store::ObjectStore& real) : real_(real) {}
    bool broken = false;

    asio::awaitable<result<store::ObjectInfo>> put(std::string key, std::string bytes,
                                                   store::PutOptions options) override {
        if (broken) co_return fail(Errc::unavailable, "disk full");
        co_return co_await real_.put(key, bytes, options);
    }
    asio::awaitable<result<store::ObjectInfo>> put_file(std::string key, std::filesystem::path file,
                                                        store::PutOptions options) override {
        if (broken) co_return fail(Errc::unavailable, "disk full");
        co_return co_await real_.put_file(key, file, options);
    }
    asio::awaitable<result<std::unique_ptr<store::ObjectWriter>>> create(
        std::string key, store::PutOptions options) override {
        if (broken) co_return fail(Errc::unavailable, "disk full");
        co_return co_await real_.create(key, options);
    }
    asio::awaitable<result<std::unique_ptr<store::ObjectReader>>> get(
        std::string key, std::optional<store::ByteRange> range) override {
        return real_.get(key, range);
    }
    asio::awaitable<result<store::ObjectInfo>> head(std::string key) override {
        return real_.head(key);
    }
    asio::awaitable<result<store::ListPage>> list(std::string prefix, std::string after,
                                                  std::size_t limit) override {
        return real_.list(prefix, after, limit);
    }
    asio::awaitable<result<>> remove(std::string key) override { return real_.remove(key); }
    asio::awaitable<result<std::uint64_t>> remove_prefix(std::string prefix) override {
        return real_.remove_prefix(prefix);
    }
    asio::awaitable<result<>> check() override { return real_.check(); }

  private:
    store::ObjectStore& real_;
};

class RunLogTest : public testing::Test {
  protected:
    RunLogTest() {
        std::string folder = (std::filesystem::temp_directory_path() / "mw-log-XXXXXX").string();
        if (!::mkdtemp(folder.data())) throw std::runtime_error("mkdtemp");
        folder_ = folder;
        real_ = store::make_object_store("file:" + folder, blocking_).value();
        objects_ = std::make_unique<FragileStore>(*real_);
        logs_ = std::make_unique<LogReader>(world_.pool(), *objects_);
        world_.sql("UPDATE runs SET status = 3, dequeued_at = now() WHERE id = $1", run_);
    }
    ~RunLogTest() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    // Lines from `first` to `last`; every third is of level info.
    bool add(int step, std::int64_t seq, int first, int last, std::size_t text_bytes = 0) {
        LogBatch batch{step, seq, {}};
        for (int n = first; n <= last; ++n)
            batch.lines.push_back({n, "2026-01-01T10:00:00.000000Z",
                                   n % 3 == 0 ? Level::info : Level::debug,
                                   fmt::format("line {}{}", n, std::string(text_bytes, 'x'))});
        auto first_line = world_.get([&] {
            return pg::with_tx(world_.pool(),
                               [&](pg::Connection& tx) { return append(tx, run_, batch); });
        });
        return first_line.has_value();
    }
    void add_step(int index) {
        world_.sql(
            "INSERT INTO run_steps (run_id, account_id, index, name) VALUES ($1, $2, $3, 's')",
            run_, account_, index);
    }
    void finish() {
        world_.sql("UPDATE runs SET status = 10, finished_at = now() WHERE id = $1", run_);
    }
    bool flush() {
        return world_.get([&] { return flush_run(world_.pool(), *objects_, run_); });
    }
    StepKey key(int step) { return {account_, run_, step}; }
    LogPage page(int step, PageRequest request = {}) {
        return world_.get([&] { return logs_->page(key(step), request); });
    }
    // Every line there is, fetched page by page.
    std::vector<LogLine> all_lines(int step, std::int64_t limit, Level least = Level::debug) {
        std::vector<LogLine> lines;
        for (std::int64_t after = 0;;) {
            auto part = page(step, {.after = after, .limit = limit, .least = least});
            std::ranges::move(part.lines, std::back_inserter(lines));
            if (part.at_end) return lines;
            after = part.next_after;
        }
    }
    static std::vector<std::int64_t> numbers(const std::vector<LogLine>& lines) {
        std::vector<std::int64_t> numbers;
        for (const auto& line : lines)
            numbers.push_back(line.n);
        return numbers;
    }
    int rows() { return world_.value<int>("SELECT count(*)::int AS v FROM run_log"); }

    test::World world_;
    std::filesystem::path folder_;
    BlockingPool blocking_;
    std::unique_ptr<store::ObjectStore> real_;
    std::unique_ptr<FragileStore> objects_;
    std::unique_ptr<LogReader> logs_;
    Id account_ = world_.account();
    Id run_ = world_.queued_run(world_.job(account_));
};

TEST_F(RunLogTest, LinesAreNumberedWithinTheirStep) {
    EXPECT_TRUE(add(1, 1, 1, 3));
    EXPECT_TRUE(add(2, 1, 1, 2));
    EXPECT_TRUE(add(1, 2, 4, 4));
    EXPECT_THAT(numbers(page(1).lines), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(numbers(page(2).lines), ElementsAre(1, 2));
    EXPECT_EQ(page(1).lines[3].text, "line 4");
    EXPECT_THAT(page(3).lines, IsEmpty());
    EXPECT_TRUE(page(3).at_end);
}

TEST_F(RunLogTest, ABatchThatComesTwiceIsTakenOnce) {
    EXPECT_TRUE(add(1, 1, 1, 3));
    EXPECT_FALSE(add(1, 1, 1, 3));
    EXPECT_TRUE(add(1, 2, 4, 5));
    EXPECT_FALSE(add(1, 1, 1, 3));
    EXPECT_FALSE(add(1, 2, 4, 5));
    EXPECT_FALSE(add(1, 3, 6, 5));  // without lines
    EXPECT_THAT(numbers(page(1).lines), ElementsAre(1, 2, 3, 4, 5));
    // A batch that was given up leaves no hole.
    EXPECT_TRUE(add(1, 7, 6, 6));
    EXPECT_THAT(numbers(page(1, {.after = 4}).lines), ElementsAre(5, 6));
}

TEST_F(RunLogTest, PagesGoOnWhereTheLastOneEnded) {
    for (int i = 0; i < 10; ++i)
        add(1, i + 1, 1 + i * 7, 7 + i * 7);
    auto first = page(1, {.limit = 10});
    EXPECT_EQ(first.next_after, 10);
    EXPECT_FALSE(first.at_end);
    EXPECT_THAT(numbers(page(1, {.after = 66}).lines), ElementsAre(67, 68, 69, 70));
    auto past = page(1, {.after = 70});
    EXPECT_THAT(past.lines, IsEmpty());
    EXPECT_TRUE(past.at_end);
    EXPECT_EQ(past.next_after, 70);
    auto shown = page(1, {.limit = 2, .least = Level::info});
    EXPECT_THAT(numbers(shown.lines), ElementsAre(3, 6));
}

TEST_F(RunLogTest, APageOfTheEndCountsWhatItLeftOut) {
    add(1, 1, 1, 8);
    auto shown = page(1, {.least = Level::info});
    EXPECT_THAT(numbers(shown.lines), ElementsAre(3, 6));
    EXPECT_EQ(shown.next_after, 8);
    EXPECT_TRUE(shown.at_end);
}

TEST_F(RunLogTest, AReaderCantTellTheSideOfTheFlush) {
    // Some batches large, some small; enough for several frames and several reads.
    int n = 1;
    for (int i = 0; i < 700; ++i, n += 20)
        add(1, i + 1, n, n + 19, i % 50 == 0 ? 3000 : 40);
    auto before = all_lines(1, 1777);
    auto before_shown = all_lines(1, 5000, Level::info);
    auto text_before = world_.get([&] { return logs_->last_part(key(1)); });
    auto whole_before = world_.get([&] { return logs_->whole(key(1)); });
    ASSERT_EQ(before.size(), 14'000u);

    finish();
    ASSERT_TRUE(flush());
    EXPECT_EQ(rows(), 0);
    auto after = all_lines(1, 1777);
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        ASSERT_EQ(after[i].n, before[i].n);
        ASSERT_EQ(after[i].text, before[i].text);
        ASSERT_EQ(after[i].ts, before[i].ts);
        ASSERT_EQ(after[i].level, before[i].level);
    }
    EXPECT_EQ(numbers(all_lines(1, 5000, Level::info)), numbers(before_shown));
    auto text_after = world_.get([&] { return logs_->last_part(key(1)); });
    EXPECT_EQ(text_after.logs, text_before.logs);
    EXPECT_EQ(text_after.debug_logs, text_before.debug_logs);
    EXPECT_EQ(std::ranges::count(text_after.debug_logs, '\n'), 1000);
    EXPECT_EQ(world_.get([&] { return logs_->whole(key(1)); }).debug_logs, whole_before.debug_logs);
    EXPECT_TRUE(page(2).lines.empty());
}

TEST_F(RunLogTest, AReaderMayBeOvertakenByTheFlush) {
    for (int i = 0; i < 600; ++i)
        add(1, i + 1, i + 1, i + 1);
    finish();
    StepLog log(world_.pool(), *objects_, key(1));
    auto first = world_.get([&] { return log.after(0); });
    ASSERT_FALSE(first.empty());
    ASSERT_LT(first.back().n, 600);
    ASSERT_TRUE(flush());
    auto rest = world_.get([&] { return log.after(first.back().n); });
    ASSERT_FALSE(rest.empty());
    EXPECT_EQ(rest.front().n, first.back().n + 1);
    EXPECT_EQ(rest.back().n, 600);
    EXPECT_EQ(world_.get([&] { return log.before(10); }).back().n, 9);
}

TEST_F(RunLogTest, OnlyFinishedRunsAreFlushedAndOnce) {
    add(1, 1, 1, 3);
    EXPECT_FALSE(flush());
    finish();
    EXPECT_TRUE(flush());
    EXPECT_FALSE(flush());
    EXPECT_THAT(numbers(page(1).lines), ElementsAre(1, 2, 3));
}

TEST_F(RunLogTest, AFailedFlushLosesNothing) {
    add(1, 1, 1, 3);
    finish();
    objects_->broken = true;
    auto failed = world_.run([&] { return flush_run(world_.pool(), *objects_, run_); });
    ASSERT_FALSE(failed);
    EXPECT_EQ(rows(), 1);
    EXPECT_THAT(numbers(page(1).lines), ElementsAre(1, 2, 3));
    // The janitor goes on with others, and comes back.
    auto sweep = [&] {
        return world_.get([&] {
            return flush_finished_runs(world_.pool(), *objects_, now() + std::chrono::hours(1), 10);
        });
    };
    EXPECT_EQ(sweep(), 0);
    objects_->broken = false;
    EXPECT_EQ(sweep(), 1);
    EXPECT_EQ(sweep(), 0);
    EXPECT_THAT(numbers(page(1).lines), ElementsAre(1, 2, 3));
}

// A crash after the objects were written and before the transaction ended: the rows are what
// counts, and the next flush writes the objects anew.
TEST_F(RunLogTest, AnObjectOfACrashedFlushIsReplaced) {
    add(1, 1, 1, 3);
    finish();
    world_.get([&] { return objects_->put(object_key(key(1)), "half a log", {}); });
    EXPECT_THAT(numbers(page(1).lines), ElementsAre(1, 2, 3));
    EXPECT_TRUE(flush());
    EXPECT_THAT(numbers(page(1).lines), ElementsAre(1, 2, 3));
}

TEST_F(RunLogTest, ARunThatAnotherFlushesIsLeftToIt) {
    add(1, 1, 1, 3);
    finish();
    auto& other = world_.another_pool();
    world_.get([&] {
        return pg::with_tx(other, [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_TRY(auto held, co_await lock_for_flush(tx, run_));
            EXPECT_TRUE(held);
            MW_CO_TRY(auto done, co_await flush_run(world_.pool(), *objects_, run_));
            EXPECT_FALSE(done);
            co_return result<>{};
        });
    });
    EXPECT_TRUE(flush());
}

TEST_F(RunLogTest, YoungEndsAreNotFlushedYet) {
    add(1, 1, 1, 3);
    finish();
    EXPECT_EQ(world_.get([&] {
        return flush_finished_runs(world_.pool(), *objects_, now() - std::chrono::hours(1), 10);
    }),
              0);
}

TEST_F(RunLogTest, ALostObjectIsAnErrorOnlyIfItIsDamaged) {
    add(1, 1, 1, 3);
    finish();
    ASSERT_TRUE(flush());
    world_.get([&] { return objects_->put(object_key(key(1)), "damaged", {}); });
    auto read = world_.run([&] { return logs_->page(key(1), {}); });
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::internal);
}

TEST_F(RunLogTest, LastLinesTellHowFarEachStepIs) {
    add_step(1);
    add_step(2);
    add_step(3);
    add(1, 1, 1, 3);
    add(1, 2, 4, 9);
    add(2, 1, 1, 1);
    auto last = [&](std::optional<Timestamp> until) {
        return world_.get([&]() -> Awaitable<std::map<int, std::int64_t>> {
            MW_CO_TRY(auto lease, co_await world_.pool().acquire());
            co_return co_await last_lines(*lease, run_, until);
        });
    };
    EXPECT_THAT(last(std::nullopt), ElementsAre(Pair(1, 9), Pair(2, 1)));
    world_.sql("UPDATE run_log SET created_at = now() - interval '1 minute' WHERE seq = 1");
    EXPECT_THAT(last(now() - std::chrono::seconds(30)), ElementsAre(Pair(1, 3), Pair(2, 1)));
    EXPECT_THAT(last(now() - std::chrono::hours(1)), IsEmpty());
}

TEST_F(RunLogTest, PartitionsAreMadeAheadAndDroppedWhenEmpty) {
    auto today = std::chrono::floor<std::chrono::days>(now());
    auto create = [&](std::chrono::sys_days day, int ahead) {
        return world_.get([&] {
            return pg::create_partitions(world_.pool(), kLog, day - std::chrono::days(1),
                                         day + std::chrono::days(ahead));
        });
    };
    auto drop = [&](std::chrono::sys_days before) {
        return world_.get([&] { return pg::drop_empty_partitions(world_.pool(), kLog, before); });
    };
    auto table_of = [&] {
        return world_.value<std::string>(
            "SELECT tableoid::regclass::text AS v FROM run_log LIMIT 1");
    };
    EXPECT_EQ(create(today, 2), 4);
    EXPECT_EQ(create(today, 2), 0);
    EXPECT_EQ(create(today + std::chrono::days(1), 2), 1);
    add(1, 1, 1, 3);
    EXPECT_NE(table_of(), "run_log_default");
    EXPECT_THAT(numbers(page(1).lines), ElementsAre(1, 2, 3));
    // Only the empty ones go, and never the default.
    EXPECT_EQ(drop(today + std::chrono::days(1)), 1);
    EXPECT_EQ(drop(today + std::chrono::days(100)), 3);
    EXPECT_EQ(rows(), 1);
    finish();
    ASSERT_TRUE(flush());
    EXPECT_EQ(drop(today + std::chrono::days(100)), 1);
    EXPECT_EQ(drop(today + std::chrono::days(100)), 0);
}

TEST_F(RunLogTest, ADayThatHasRowsAlreadyStaysInTheDefault) {
    add(1, 1, 1, 3);
    auto today = std::chrono::floor<std::chrono::days>(now());
    // Yesterday and tomorrow; today's can't be made any more, and that harms nobody.
    auto day = std::chrono::days(1);
    EXPECT_EQ(world_.get([&] {
        return pg::create_partitions(world_.pool(), kLog, today - day, today + day);
    }),
              2);
    add(1, 2, 4, 4);
    EXPECT_THAT(numbers(page(1).lines), ElementsAre(1, 2, 3, 4));
}

}  // namespace
}  // namespace mw::run_log
