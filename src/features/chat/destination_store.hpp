// Where an account's messages go: its Slack workspace and its channels of Teams; and whether it
// wants either.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "features/chat/chat_settings.hpp"
#include "features/chat/outcome.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::chat {

struct Destination {
    Id id = 0;
    Id account_id = 0;
    std::string service;
    std::string name;   // of the workspace; what people call the channel
    std::string place;  // Slack's id of the workspace; the host of the channel's address
    std::optional<std::string> bot_name;
    std::optional<pg::Bytes> sealed_secret;
    std::optional<Id> connected_by;
    std::optional<std::string> broken_reason;
    std::optional<Timestamp> broken_at;
    Timestamp quiet_until;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Destination, (),
                      (id, account_id, service, name, place, bot_name, sealed_secret, connected_by,
                       broken_reason, broken_at, quiet_until, created_at, updated_at))

// The bot's token, or the channel's address.
result<Secret> open_secret(const crypto::Sealer& sealer, Id destination_id,
                           const std::optional<pg::Bytes>& sealed);

Awaitable<bool> is_enabled(pg::Connection& connection, Id account_id, Service service);
// Off: what waits is not sent later.
Awaitable<> set_enabled(pg::Connection& tx, Id account_id, Service service, bool enabled);

Awaitable<std::optional<Destination>> find_workspace(pg::Connection& connection, Id account_id);
Awaitable<std::vector<Destination>> list_teams_channels(pg::Connection& connection, Id account_id);
Awaitable<std::optional<Destination>> find_teams_channel(pg::Connection& connection, Id account_id,
                                                         Id id);

struct NewDestination {
    Service service = Service::teams;
    std::string name;
    std::string place;
    std::optional<std::string> bot_name = {};
    Secret secret;
    std::optional<Id> connected_by = {};
};
// Of Slack, instead of the one that there was; the same workspace again goes on as it was, and is
// no longer broken. Errors: a 400 for a name that another channel of Teams has.
Awaitable<Id> save_destination(pg::Connection& tx, const crypto::Sealer& sealer, Id account_id,
                               NewDestination destination);
Awaitable<> rename_teams_channel(pg::Connection& tx, Id account_id, Id id, std::string name);
Awaitable<> replace_url(pg::Connection& tx, const crypto::Sealer& sealer, Id id, Secret url,
                        std::string host);
// Its secret is forgotten, what waits is not sent, and rules that name a channel of Teams end.
Awaitable<> remove_destination(pg::Connection& tx, Id account_id, Id id);

// Slack no longer takes this token, if it is still the one: what waits has failed. The addresses
// of whom to tell, if nobody was told: whoever connected it or, if that is no member any more, the
// account's owners.
Awaitable<std::vector<std::string>> mark_broken(pg::Connection& tx, Id destination_id,
                                                std::optional<pg::Bytes> sealed_secret,
                                                std::string reason);

// It asked to be left alone; in all accounts with the same workspace.
Awaitable<> keep_quiet(pg::Connection& tx, Id destination_id, std::chrono::seconds wait);

}  // namespace mw::chat
