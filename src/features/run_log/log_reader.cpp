#include "features/run_log/log_reader.hpp"

#include <algorithm>
#include <deque>

#include "features/run_log/step_log.hpp"

namespace mw::run_log {
namespace {

constexpr std::int64_t kLinesLookedAtMax = 50'000;
constexpr std::size_t kPageBytesMax = 4UL * 1024 * 1024;
constexpr std::size_t kLastLines = 1000;
constexpr std::size_t kTextBytesMax = 16UL * 1024 * 1024;
constexpr std::string_view kCutNotice = "[… earlier lines are left out here]\n";

// A text that forgets its beginning once it is too long.
class BoundedText {
  public:
    void add(std::string_view line) {
        text_ += line;
        // Twice the room, so that moving the text is rare.
        if (text_.size() > 2 * kTextBytesMax) cut();
    }
    std::string take() {
        if (text_.size() > kTextBytesMax) cut();
        return was_cut_ ? std::string(kCutNotice) + text_ : std::move(text_);
    }

  private:
    void cut() {
        auto line_end = text_.find('\n', text_.size() - kTextBytesMax);
        text_.erase(0, line_end == text_.npos ? text_.size() : line_end + 1);
        was_cut_ = true;
    }

    std::string text_;
    bool was_cut_ = false;
};

// The last lines of each kind, found by reading backwards.
struct LastLines {
    std::deque<std::string> all;
    std::deque<std::string> shown;

    bool enough() const { return shown.size() >= kLastLines && all.size() >= kLastLines; }
    void add_before(const LogLine& line) {
        if (all.size() < kLastLines) all.push_front(rendered(line));
        if (line.level >= Level::info && shown.size() < kLastLines)
            shown.push_front(rendered(line));
    }
};

std::string joined(const std::deque<std::string>& lines) {
    std::string text;
    for (const auto& line : lines)
        text += line;
    return text;
}

}  // namespace

Awaitable<LogPage> LogReader::page(StepKey key, PageRequest request) {
    auto limit =
        static_cast<std::size_t>(std::clamp<std::int64_t>(request.limit, 1, kPageLinesMax));
    StepLog log(pool_, objects_, key);
    LogPage page;
    page.next_after = std::max<std::int64_t>(request.after, 0);
    std::size_t bytes = 0;
    for (std::int64_t looked_at = 0; looked_at < kLinesLookedAtMax && bytes < kPageBytesMax;) {
        MW_CO_TRY(auto lines, co_await log.after(page.next_after));
        if (lines.empty()) {
            page.at_end = true;
            break;
        }
        looked_at += static_cast<std::int64_t>(lines.size());
        for (auto& line : lines) {
            if (page.lines.size() == limit || bytes >= kPageBytesMax) co_return page;
            page.next_after = line.n;
            if (line.level < request.least) continue;
            bytes += line.text.size();
            page.lines.push_back(std::move(line));
        }
    }
    co_return page;
}

Awaitable<StepText> LogReader::last_part(StepKey key) {
    StepLog log(pool_, objects_, key);
    LastLines last;
    std::int64_t looked_at = 0;
    for (std::int64_t before = INT64_MAX; !last.enough() && looked_at < kLinesLookedAtMax;) {
        MW_CO_TRY(auto lines, co_await log.before(before));
        if (lines.empty()) break;
        before = lines.front().n;
        looked_at += static_cast<std::int64_t>(lines.size());
        std::ranges::for_each(lines.rbegin(), lines.rend(),
                              [&](const LogLine& line) { last.add_before(line); });
    }
    auto all = joined(last.all);
    co_return StepText{joined(last.shown), all, all};
}

Awaitable<StepText> LogReader::whole(StepKey key) {
    StepLog log(pool_, objects_, key);
    BoundedText shown;
    BoundedText all;
    std::deque<std::string> last;
    for (std::int64_t after = 0;;) {
        MW_CO_TRY(auto lines, co_await log.after(after));
        if (lines.empty()) break;
        after = lines.back().n;
        for (const auto& line : lines) {
            auto text = rendered(line);
            all.add(text);
            if (line.level >= Level::info) shown.add(text);
            last.push_back(std::move(text));
            if (last.size() > kLastLines) last.pop_front();
        }
    }
    co_return StepText{shown.take(), all.take(), joined(last)};
}

}  // namespace mw::run_log
