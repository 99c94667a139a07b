#include "features/chat/channel_book.hpp"

#include <algorithm>

#include "base/trimmed.hpp"

namespace mw::chat {
namespace {

using namespace std::chrono_literals;

constexpr auto kLife = 5min;
constexpr auto kJustNow = 30s;
constexpr std::size_t kShown = 100;
constexpr std::size_t kPagesMax = 100;

// Slack's names have no capital letters of ASCII.
std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

}  // namespace

std::vector<SlackChannel> matching(const std::vector<SlackChannel>& channels,
                                   std::string_view search) {
    auto wanted = lower(trimmed(search));
    if (wanted.starts_with('#')) wanted.erase(0, 1);
    auto rank = [&](const SlackChannel& channel) {
        if (channel.name == wanted || channel.id == trimmed(search)) return 0;
        auto at = channel.name.find(wanted);
        return at == 0 ? 1 : at == channel.name.npos ? 3 : 2;
    };
    std::vector<SlackChannel> found;
    for (int wanted_rank = 0; wanted_rank < 3; ++wanted_rank)
        for (const auto& channel : channels)
            if (found.size() < kShown && rank(channel) == wanted_rank) found.push_back(channel);
    return found;
}

Awaitable<std::vector<SlackChannel>> ChannelBook::find(Id destination_id, Secret token,
                                                       std::string search) {
    auto age = [&] {
        auto known = pages_.find(destination_id);
        return known == pages_.end() ? std::chrono::steady_clock::duration::max()
                                     : std::chrono::steady_clock::now() - known->second.read_at;
    };
    if (age() > kLife) MW_CO_CHECK(co_await read(destination_id, token));
    auto found = matching(pages_[destination_id].channels, search);
    if (!found.empty() || age() < kJustNow) co_return found;
    MW_CO_CHECK(co_await read(destination_id, std::move(token)));
    co_return matching(pages_[destination_id].channels, search);
}

Awaitable<> ChannelBook::read(Id destination_id, Secret token) {
    MW_CO_TRY(auto channels, co_await client_.channels(std::move(token)));
    if (pages_.size() >= kPagesMax) pages_.clear();
    pages_[destination_id] = {std::move(channels), std::chrono::steady_clock::now()};
    co_return result<>{};
}

}  // namespace mw::chat
