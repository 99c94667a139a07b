#include "features/run_log/log_store.hpp"

#include <algorithm>

namespace mw::run_log {
namespace {

#define MW_RUN_DAY "(r.created_at AT TIME ZONE 'UTC')::date"

const pg::Query kAppend{"run_log.append", R"(
INSERT INTO run_log (day, run_id, step_index, seq, first_line, line_count, lines)
SELECT r.day, $1, $2, $3, coalesce(last.next_line, 1), $4, $5::jsonb
FROM (SELECT r.id, )" MW_RUN_DAY R"( AS day FROM runs r WHERE r.id = $1) r
LEFT JOIN LATERAL (
    SELECT l.seq, l.first_line + l.line_count AS next_line FROM run_log l
    WHERE l.day = r.day AND l.run_id = r.id AND l.step_index = $2
    ORDER BY l.first_line DESC LIMIT 1) last ON true
WHERE coalesce(last.seq, 0) < $3
RETURNING first_line)"};

// A page ends after 500 batches or half a megabyte as stored, whichever comes first: batches may
// hold one short line each, or a megabyte.
#define MW_BATCH_COLUMNS(order)                                                            \
    "SELECT l.first_line, l.lines, sum(pg_column_size(l.lines)) OVER (ORDER BY "           \
    "l.first_line " order                                                                  \
    " ROWS UNBOUNDED PRECEDING) - pg_column_size(l.lines) AS bytes_before FROM run_log l " \
    "WHERE l.day = " MW_RUN_DAY " AND l.run_id = r.id AND l.step_index = $2 "
#define MW_SELECT_BATCHES "SELECT r.log_flushed_at IS NOT NULL AS flushed, b.first_line, b.lines "
#define MW_BATCH_LIMIT(order) \
    "ORDER BY l.first_line " order " LIMIT 500) b ON b.bytes_before < 524288 "

const pg::Query kBatchesAfter{
    "run_log.batches_after",
    MW_SELECT_BATCHES "FROM runs r LEFT JOIN LATERAL (" MW_BATCH_COLUMNS("ASC")
    "AND l.first_line >= coalesce((SELECT max(p.first_line) FROM run_log p WHERE p.day = "
    MW_RUN_DAY " AND p.run_id = r.id AND p.step_index = $2 AND p.first_line <= $3::bigint + 1), 1) "
    MW_BATCH_LIMIT("ASC") "WHERE r.id = $1 ORDER BY b.first_line"};

const pg::Query kBatchesBefore{
    "run_log.batches_before",
    MW_SELECT_BATCHES "FROM runs r LEFT JOIN LATERAL (" MW_BATCH_COLUMNS("DESC")
    "AND l.first_line < $3::bigint " MW_BATCH_LIMIT("DESC") "WHERE r.id = $1 ORDER BY b.first_line"};

const pg::Query kLastLines{"run_log.last_lines", R"(
SELECT s.index, last.line
FROM runs r JOIN run_steps s ON s.run_id = r.id
JOIN LATERAL (
    SELECT l.first_line + l.line_count - 1 AS line FROM run_log l
    WHERE l.day = )" MW_RUN_DAY R"( AND l.run_id = r.id AND l.step_index = s.index
      AND l.created_at < coalesce($2::timestamptz, 'infinity')
    ORDER BY l.first_line DESC LIMIT 1) last ON true
WHERE r.id = $1)"};

const pg::Query kUnflushed{"run_log.unflushed", R"(
SELECT id FROM runs
WHERE finished_at IS NOT NULL AND log_flushed_at IS NULL AND finished_at < $1
ORDER BY finished_at LIMIT $2)"};

const pg::Query kLockForFlush{"run_log.lock_for_flush", R"(
SELECT account_id FROM runs
WHERE id = $1 AND finished_at IS NOT NULL AND log_flushed_at IS NULL
FOR NO KEY UPDATE SKIP LOCKED)"};

const pg::Query kStepsWithLog{"run_log.steps_with_log", R"(
SELECT DISTINCT l.step_index
FROM runs r JOIN run_log l ON l.day = )" MW_RUN_DAY R"( AND l.run_id = r.id
WHERE r.id = $1 ORDER BY 1)"};

const pg::Query kDeleteRows{"run_log.delete_rows", R"(
DELETE FROM run_log l USING runs r
WHERE r.id = $1 AND l.day = )" MW_RUN_DAY R"( AND l.run_id = r.id)"};

const pg::Query kSetFlushed{
    "run_log.set_flushed",
    "UPDATE runs SET log_flushed_at = now() WHERE id = $1 AND log_flushed_at IS NULL"};

BatchPage to_page(const pg::Rows& rows) {
    BatchPage page;
    for (int row = 0; row < rows.size(); ++row) {
        page.flushed = rows.get<bool>(row, "flushed");
        if (!rows.is_null(row, "first_line")) page.batches.push_back(rows.as<StoredBatch>(row));
    }
    return page;
}

}  // namespace

Awaitable<std::optional<std::int64_t>> append(pg::Connection& connection, Id run_id,
                                              const LogBatch& batch) {
    if (batch.lines.empty()) co_return std::nullopt;
    MW_CO_TRY(auto rows, co_await connection.run(kAppend, run_id, batch.step, batch.seq,
                                                 batch.lines.size(), stored_lines(batch.lines)));
    if (rows.empty()) co_return std::nullopt;
    co_return rows.get<std::int64_t>(0, "first_line");
}

Awaitable<BatchPage> batches_after(pg::Connection& connection, const StepKey& key,
                                   std::int64_t after) {
    MW_CO_TRY(auto rows, co_await connection.run(kBatchesAfter, key.run_id, key.step, after));
    co_return to_page(rows);
}

Awaitable<BatchPage> batches_before(pg::Connection& connection, const StepKey& key,
                                    std::int64_t before) {
    MW_CO_TRY(auto rows, co_await connection.run(kBatchesBefore, key.run_id, key.step, before));
    co_return to_page(rows);
}

Awaitable<std::map<int, std::int64_t>> last_lines(pg::Connection& connection, Id run_id,
                                                  std::optional<Timestamp> until) {
    MW_CO_TRY(auto rows, co_await connection.run(kLastLines, run_id, until));
    std::map<int, std::int64_t> lines;
    for (int row = 0; row < rows.size(); ++row)
        lines[rows.get<int>(row, "index")] = rows.get<std::int64_t>(row, "line");
    co_return lines;
}

Awaitable<std::vector<Id>> unflushed_runs(pg::Connection& connection, Timestamp finished_before,
                                          int limit) {
    MW_CO_TRY(auto rows, co_await connection.run(kUnflushed, finished_before, limit));
    co_return rows.column<Id>("id");
}

Awaitable<std::optional<Id>> lock_for_flush(pg::Connection& connection, Id run_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kLockForFlush, run_id));
    if (rows.empty()) co_return std::nullopt;
    co_return rows.get<Id>(0, "account_id");
}

Awaitable<std::vector<int>> steps_with_log(pg::Connection& connection, Id run_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kStepsWithLog, run_id));
    co_return rows.column<int>("step_index");
}

Awaitable<> set_flushed(pg::Connection& connection, Id run_id) {
    MW_CO_CHECK(co_await connection.run(kDeleteRows, run_id));
    MW_CO_CHECK(co_await connection.run(kSetFlushed, run_id));
    co_return result<>{};
}

}  // namespace mw::run_log
