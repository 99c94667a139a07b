// Which channels a workspace has, kept for some minutes: Slack lets nobody ask often.
//
// One io thread.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "features/chat/slack_client.hpp"

namespace mw::chat {

class ChannelBook {
  public:
    explicit ChannelBook(SlackClient& client) : client_(client) {}

    // Those whose name has this in it, at most 100: the name itself first, then what begins so.
    // What is not found is looked for anew, unless that was done just now.
    Awaitable<std::vector<SlackChannel>> find(Id destination_id, Secret token, std::string search);

    // Another bot may see others.
    void forget(Id destination_id) { pages_.erase(destination_id); }

  private:
    struct Page {
        std::vector<SlackChannel> channels;
        std::chrono::steady_clock::time_point read_at;
    };

    Awaitable<> read(Id destination_id, Secret token);

    SlackClient& client_;
    std::map<Id, Page> pages_;
};

// Of these, as above. Pure.
std::vector<SlackChannel> matching(const std::vector<SlackChannel>& channels,
                                   std::string_view search);

}  // namespace mw::chat
