#include "features/live/live_socket.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "base/json_reader.hpp"
#include "features/runs/run_store.hpp"

namespace mw::live {
namespace {

constexpr std::size_t kTopicsMax = 100;
constexpr auto kSeesRuns = api::reads(api::Area::runs);

}  // namespace

asio::awaitable<result<>> LiveSocket::serve() {
    MW_CO_CHECK(co_await socket_.accept());
    for (;;) {
        auto message = co_await socket_.receive();
        if (!message) co_return result<>{};
        auto handled = co_await handle(*message);
        if (!handled) complain(handled.error());
    }
}

asio::awaitable<result<>> LiveSocket::handle(const std::string& message) {
    MW_CO_TRY(auto json, parse_json(message));
    std::vector<std::string> add;
    std::vector<std::string> drop;
    JsonReader in(json);
    in.keep("subscribe", add, kTopicsMax);
    in.keep("unsubscribe", drop, kTopicsMax);
    MW_CO_CHECK(in.finish());
    for (const auto& name : drop) {
        auto topic = parse_topic(name);
        if (!topic || topics_.erase(*topic) == 0) continue;
        hub_.unsubscribe(*topic, *this);
    }
    for (const auto& name : add)
        MW_CO_CHECK(co_await subscribe(name));
    co_return result<>{};
}

asio::awaitable<result<>> LiveSocket::subscribe(std::string_view name) {
    auto topic = parse_topic(name);
    if (!topic) co_return fail_field("subscribe", fmt::format("there is no topic {}", name));
    if (topics_.contains(*topic)) co_return result<>{};
    if (topics_.size() >= kTopicsMax)
        co_return fail(Errc::limit_exceeded, fmt::format("At most {} topics at once.", kTopicsMax));
    MW_CO_TRY(bool seen, co_await may_see(*topic));
    if (!seen) co_return fail_field("subscribe", fmt::format("there is no topic {}", name));
    topics_.insert(*topic);
    MW_CO_CHECK(co_await hub_.subscribe(*topic, caller_.account_id, *this));
    socket_.send(boost::json::serialize(
        boost::json::object{{"topic", topic->name()}, {"type", "subscribed"}}));
    co_return result<>{};
}

asio::awaitable<result<bool>> LiveSocket::may_see(Topic topic) {
    if (topic.kind == Topic::Kind::account_runs)
        co_return topic.id == caller_.account_id&& caller_.grants.may(kSeesRuns);
    MW_CO_TRY(auto lease, co_await pool_.acquire());
    MW_CO_TRY(auto run, co_await runs::find_run(*lease, caller_.account_id, topic.id));
    co_return run&& may_see_project(run->project_id);
}

bool LiveSocket::may_see_project(Id project_id) const {
    return caller_.grants.may(kSeesRuns, project_id);
}

void LiveSocket::complain(const Error& error) {
    socket_.send(boost::json::serialize(boost::json::object{
        {"type", "error"},
        {"message", error.code == Errc::internal ? "Something went wrong here." : error.message}}));
}

}  // namespace mw::live
