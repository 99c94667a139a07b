// Messages on their way: written with the end of the run that they tell of, taken by whoever
// sends.
//
// To a workspace of Slack, or a channel of Teams, one is sent at a time: so a wish to be left
// alone reaches the next before it is sent. Who takes one and dies loses the destination to the
// next after a minute: a message may arrive twice, and is never lost.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "features/chat/chat_settings.hpp"
#include "features/chat/outcome.hpp"
#include "infra/pg/pool.hpp"

namespace mw::chat {

// A message to each channel that the account's notifications name for this end of the job's runs;
// on the transaction that ends the run, after the change. `status`: the run's, by its number.
Awaitable<> tell_of_end(pg::Connection& tx, Id account_id, Id job_id, Id run_id, int status);

// As the web application shows it.
struct Message {
    Id id = 0;
    std::string service;
    std::string destination;  // the workspace's name, or the channel's of Teams
    std::string channel_name;
    Id run_id = 0;
    Id project_id = 0;
    std::string job_name;
    std::string status;
    int attempts = 0;
    std::optional<std::string> last_error;
    Timestamp created_at;
    std::optional<Timestamp> ended_at;
    Timestamp next_try_at;
};
BOOST_DESCRIBE_STRUCT(Message, (),
                      (id, service, destination, channel_name, run_id, project_id, job_name, status,
                       attempts, last_error, created_at, ended_at, next_try_at))

// The newest; of this status, or of any if it is empty.
Awaitable<std::vector<Message>> list_messages(pg::Connection& connection, Id account_id,
                                              std::string_view status);
// One that failed waits again, for what the account has connected now. None: it did not fail, is
// not there, or there is nothing that it could go to.
Awaitable<std::optional<Message>> try_again(pg::Connection& tx, Id account_id, Id id);

// One that is being sent.
struct Taken {
    Id id = 0;
    Id account_id = 0;
    Id destination_id = 0;
    std::string service;
    std::string name;  // of the destination
    std::string channel_id;
    Id run_id = 0;
    std::optional<pg::Bytes> sealed_secret;
    int attempts = 0;  // with the one that is to come
};
BOOST_DESCRIBE_STRUCT(Taken, (),
                      (id, account_id, destination_id, service, name, channel_id, run_id,
                       sealed_secret, attempts))

// The next that is due and may be sent, if there is one; for these services.
Awaitable<std::optional<Taken>> take_message(pg::Pool& pool, std::vector<std::string> services);
// What came of it; the destination is free for the next. Of a workspace that is broken: the
// addresses of whom to tell.
Awaitable<std::vector<std::string>> record_outcome(pg::Connection& tx, const Taken& taken,
                                                   const Outcome& outcome, const RetryRules& rules);

// Of services that the operator has switched off.
Awaitable<> remove_waiting(pg::Pool& pool, std::vector<std::string> services);
// Of those that ended; how many.
Awaitable<int> delete_old_messages(pg::Pool& pool, std::chrono::days age);

}  // namespace mw::chat
