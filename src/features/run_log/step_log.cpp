#include "features/run_log/step_log.hpp"

#include <algorithm>

namespace mw::run_log {
namespace {

constexpr std::size_t kReadBytes = 1024UL * 1024;

std::vector<LogLine> lines_of(const BatchPage& page) {
    std::vector<LogLine> lines;
    for (const auto& batch : page.batches)
        std::ranges::move(lines_from_stored(batch.lines, batch.first_line),
                          std::back_inserter(lines));
    return lines;
}

// The frame that holds line `line`, or the nearest in the direction of reading.
const Frame* frame_around(const std::vector<Frame>& frames, std::int64_t line, bool forwards) {
    if (forwards) {
        auto found = std::ranges::find_if(
            frames, [&](const Frame& frame) { return frame.first_line + frame.lines > line + 1; });
        return found == frames.end() ? nullptr : &*found;
    }
    const Frame* last = nullptr;
    for (const auto& frame : frames)
        if (frame.first_line < line) last = &frame;
    return last;
}

}  // namespace

Awaitable<std::vector<LogLine>> StepLog::after(std::int64_t line) {
    MW_CO_TRY(auto lines, co_await rows_around(line, true));
    if (flushed_) {
        MW_CO_TRY(lines, co_await object_around(line, true));
    }
    std::erase_if(lines, [&](const LogLine& each) { return each.n <= line; });
    co_return lines;
}

Awaitable<std::vector<LogLine>> StepLog::before(std::int64_t line) {
    MW_CO_TRY(auto lines, co_await rows_around(line, false));
    if (flushed_) {
        MW_CO_TRY(lines, co_await object_around(line, false));
    }
    std::erase_if(lines, [&](const LogLine& each) { return each.n >= line; });
    co_return lines;
}

Awaitable<std::vector<LogLine>> StepLog::rows_around(std::int64_t line, bool forwards) {
    if (flushed_) co_return std::vector<LogLine>{};
    MW_CO_TRY(auto lease, co_await pool_.acquire());
    MW_CO_TRY(auto page, forwards ? co_await batches_after(*lease, key_, line)
                                  : co_await batches_before(*lease, key_, line));
    flushed_ = page.flushed;
    co_return lines_of(page);
}

Awaitable<std::vector<LogLine>> StepLog::object_around(std::int64_t line, bool forwards) {
    if (!frames_) MW_CO_CHECK(co_await load_index());
    const auto* frame = frame_around(*frames_, line, forwards);
    if (!frame) co_return std::vector<LogLine>{};
    MW_CO_TRY(auto bytes, co_await read_range(frame->offset, frame->size));
    co_return read_frame(bytes, *frame);
}

Awaitable<> StepLog::load_index() {
    auto found = co_await objects_.head(object_key(key_));
    if (!found) {
        // A step that said nothing has no object.
        if (found.error().code != Errc::not_found) co_return fail(std::move(found).error());
        frames_.emplace();
        co_return result<>{};
    }
    auto size = found->size_bytes;
    auto tail_bytes = std::min<std::uint64_t>(size, kTailBytes);
    MW_CO_TRY(auto tail, co_await read_range(size - tail_bytes, tail_bytes));
    MW_CO_TRY(auto needed, index_tail_bytes(tail));
    if (needed > tail_bytes && needed <= size) {
        MW_CO_TRY(tail, co_await read_range(size - needed, needed));
    }
    MW_CO_TRY(frames_, read_index(tail));
    co_return result<>{};
}

Awaitable<std::string> StepLog::read_range(std::uint64_t first, std::uint64_t size) {
    if (size == 0) co_return std::string{};
    store::ByteRange range{first, first + size - 1};
    MW_CO_TRY(auto reader, co_await objects_.get(object_key(key_), range));
    std::string bytes;
    bytes.reserve(size);
    for (;;) {
        MW_CO_TRY(auto piece, co_await reader->read(kReadBytes));
        if (piece.empty()) co_return bytes;
        bytes += piece;
    }
}

}  // namespace mw::run_log
