#include "features/live/live_hub.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "features/run_log/log_store.hpp"
#include "features/runs/node_store.hpp"
#include "features/runs/run_store.hpp"

namespace mw::live {
namespace {

using namespace std::chrono_literals;

// Ten updates a second are as live as an eye can see.
constexpr auto kPace = 100ms;
constexpr int kNodesAtOnce = 1000;

Topic run_topic(Id run_id) {
    return {Topic::Kind::run, run_id};
}
Topic account_topic(Id account_id) {
    return {Topic::Kind::account_runs, account_id};
}

constexpr runs::Includes kRunPage{.trigger = true, .job = true, .environment = true, .steps = true};
constexpr runs::Includes kRunRow{.trigger = true, .job = true, .environment = true};

}  // namespace

LiveHub::LiveHub(asio::any_io_executor executor, pg::Pool& pool, runs::RunViews& views,
                 run_log::LogReader& logs)
    : executor_(executor),
      pool_(pool),
      views_(views),
      logs_(logs),
      listener_(
          pool, {"run_events"},
          [this](const pg::Notification& notification) { on_notification(notification.payload); },
          [this] { on_connected(); }),
      wake_(executor, asio::steady_timer::time_point::max()) {
}

asio::awaitable<void> LiveHub::run() {
    using namespace asio::experimental::awaitable_operators;
    co_await (listener_.run() || send_loop());
}

void LiveHub::on_notification(const std::string& payload) {
    auto blank = payload.find(' ');
    auto run_id = parse_id(std::string_view(payload).substr(0, blank));
    if (run_id) mark_changed(*run_id, blank == payload.npos);
}

// Whatever happened while we did not hear: look at everything that is watched.
void LiveHub::on_connected() {
    for (auto& [run_id, watch] : watches_)
        mark_changed(run_id, true);
}

void LiveHub::mark_changed(Id run_id, bool run_itself) {
    bool wanted = false;
    if (auto found = watches_.find(run_id); found != watches_.end()) {
        found->second.run_changed |= run_itself;
        found->second.content_changed = true;
        wanted = true;
    }
    if (run_itself && !account_topics_.empty()) {
        changed_runs_.insert(run_id);
        wanted = true;
    }
    if (wanted) wake_.cancel();
}

asio::awaitable<void> LiveHub::send_loop() {
    asio::steady_timer pace(executor_);
    for (;;) {
        boost::system::error_code woken;
        wake_.expires_at(asio::steady_timer::time_point::max());
        bool idle = changed_runs_.empty();
        for (const auto& [run_id, watch] : watches_)
            idle = idle && !watch.run_changed && !watch.content_changed;
        if (idle) co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) co_return;
        co_await send_changes();
        pace.expires_after(kPace);
        co_await pace.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> LiveHub::send_changes() {
    std::set<Id> runs;
    runs.swap(changed_runs_);
    std::set<Id> contents;
    for (auto& [run_id, watch] : watches_) {
        if (watch.content_changed) contents.insert(run_id);
        if (watch.run_changed) runs.insert(run_id);
        watch.content_changed = false;
        watch.run_changed = false;
    }
    // Lines before the state, so that a run is not shown as over before its last line.
    for (auto run_id : contents) {
        auto sent = co_await send_content(run_id);
        if (!sent) log::debug("live content not sent", {{"detail", sent.error().detail}});
    }
    for (auto run_id : runs) {
        auto sent = co_await send_run(run_id);
        if (!sent) log::debug("live run not sent", {{"detail", sent.error().detail}});
    }
}

// Each wait may outlive the watch: it is looked up anew after every one.
asio::awaitable<result<>> LiveHub::send_content(Id run_id) {
    std::map<int, std::int64_t> last_lines;
    std::vector<runs::Node> nodes;
    {
        auto watch = watches_.find(run_id);
        if (watch == watches_.end()) co_return result<>{};
        auto revision = watch->second.node_revision;
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(last_lines, co_await run_log::last_lines(*lease, run_id, std::nullopt));
        MW_CO_TRY(nodes, co_await runs::changed_nodes(*lease, run_id, revision, kNodesAtOnce));
    }
    for (const auto& [step, last] : last_lines) {
        auto watch = watches_.find(run_id);
        if (watch == watches_.end()) co_return result<>{};
        if (watch->second.last_lines[step] < last) MW_CO_CHECK(co_await send_lines(run_id, step));
    }
    for (const auto& node : nodes) {
        auto watch = watches_.find(run_id);
        if (watch == watches_.end()) co_return result<>{};
        watch->second.node_revision = std::max(watch->second.node_revision, node.revision);
        send_to(run_topic(run_id), {{"topic", run_topic(run_id).name()},
                                    {"type", "node"},
                                    {"node", runs::node_json(node)}});
    }
    // There may be more than were asked for.
    if (static_cast<int>(nodes.size()) == kNodesAtOnce) mark_changed(run_id, false);
    co_return result<>{};
}

asio::awaitable<result<>> LiveHub::send_lines(Id run_id, int step) {
    for (;;) {
        auto watch = watches_.find(run_id);
        if (watch == watches_.end()) co_return result<>{};
        run_log::StepKey key{watch->second.account_id, run_id, step};
        auto after = watch->second.last_lines[step];
        MW_CO_TRY(auto page, co_await logs_.page(key, {.after = after}));
        watch = watches_.find(run_id);
        if (watch == watches_.end() || page.lines.empty()) co_return result<>{};
        boost::json::array lines;
        for (const auto& line : page.lines)
            lines.push_back(run_log::line_json(line));
        watch->second.last_lines[step] = page.next_after;
        send_to(run_topic(run_id), {{"topic", run_topic(run_id).name()},
                                    {"type", "log"},
                                    {"step", step},
                                    {"lines", std::move(lines)}});
        if (page.at_end) co_return result<>{};
    }
}

asio::awaitable<result<>> LiveHub::send_run(Id run_id) {
    std::optional<runs::Run> run;
    {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(run, co_await runs::find_run(*lease, run_id));
    }
    if (!run) co_return result<>{};
    if (watches_.contains(run_id)) {
        MW_CO_TRY(auto json, co_await views_.one(*run, kRunPage));
        send_to(run_topic(run_id),
                {{"topic", run_topic(run_id).name()}, {"type", "run"}, {"run", std::move(json)}});
    }
    if (account_topics_.contains(run->account_id)) {
        MW_CO_TRY(auto json, co_await views_.one(*run, kRunRow));
        auto topic = account_topic(run->account_id);
        send_to(topic, {{"topic", topic.name()}, {"type", "run"}, {"run", std::move(json)}},
                run->project_id);
    }
    co_return result<>{};
}

void LiveHub::show_rows(Id run_id, int step, std::int64_t line, std::string_view text) {
    send_to(run_topic(run_id), {{"topic", run_topic(run_id).name()},
                                {"type", "rows"},
                                {"step", step},
                                {"n", line},
                                {"text", text}});
}

void LiveHub::send_to(Topic topic, const boost::json::object& message, Id project_id) {
    std::set<Subscriber*> subscribers;
    if (topic.kind == Topic::Kind::run) {
        auto found = watches_.find(topic.id);
        if (found != watches_.end()) subscribers = found->second.subscribers;
    } else if (auto found = account_topics_.find(topic.id); found != account_topics_.end()) {
        subscribers = found->second;
        std::erase_if(subscribers,
                      [&](const auto* each) { return !each->may_see_project(project_id); });
    }
    if (subscribers.empty()) return;
    auto text = boost::json::serialize(message);
    for (auto* subscriber : subscribers)
        subscriber->send(text);
}

asio::awaitable<result<>> LiveHub::subscribe(Topic topic, Id account_id, Subscriber& subscriber) {
    if (topic.kind == Topic::Kind::account_runs) {
        account_topics_[topic.id].insert(&subscriber);
        co_return result<>{};
    }
    if (auto found = watches_.find(topic.id); found != watches_.end()) {
        found->second.subscribers.insert(&subscriber);
        co_return result<>{};
    }
    // Subscribed before the cursors are read: a change in between is sent, not lost.
    auto& watch = watches_[topic.id];
    watch.account_id = account_id;
    watch.subscribers.insert(&subscriber);
    MW_CO_TRY(auto lease, co_await pool_.acquire());
    MW_CO_TRY(auto lines, co_await run_log::last_lines(*lease, topic.id, std::nullopt));
    MW_CO_TRY(auto revision, co_await runs::revision_before(*lease, topic.id, 0));
    auto found = watches_.find(topic.id);
    if (found == watches_.end()) co_return result<>{};
    for (const auto& [step, last] : lines)
        found->second.last_lines[step] = std::max(found->second.last_lines[step], last);
    found->second.node_revision = std::max(found->second.node_revision, revision);
    co_return result<>{};
}

void LiveHub::unsubscribe(Topic topic, Subscriber& subscriber) {
    if (topic.kind == Topic::Kind::account_runs) {
        auto found = account_topics_.find(topic.id);
        if (found == account_topics_.end()) return;
        found->second.erase(&subscriber);
        if (found->second.empty()) account_topics_.erase(found);
        return;
    }
    auto found = watches_.find(topic.id);
    if (found == watches_.end()) return;
    found->second.subscribers.erase(&subscriber);
    if (found->second.subscribers.empty()) watches_.erase(found);
}

void LiveHub::unsubscribe_all(Subscriber& subscriber) {
    for (auto entry = watches_.begin(); entry != watches_.end();) {
        entry->second.subscribers.erase(&subscriber);
        entry = entry->second.subscribers.empty() ? watches_.erase(entry) : std::next(entry);
    }
    for (auto entry = account_topics_.begin(); entry != account_topics_.end();) {
        entry->second.erase(&subscriber);
        entry = entry->second.empty() ? account_topics_.erase(entry) : std::next(entry);
    }
}

}  // namespace mw::live
