// Somebody on the way to GitHub and back: what must be known when their browser returns. It travels
// in that browser, in a sealed cookie.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/server/message.hpp"

namespace mw::git_hosts {

struct ConnectAttempt {
    Id account_id = 0;
    Id user_id = 0;
    std::string state;       // comes back with the answer
    Id installation_id = 0;  // that GitHub named on the way; 0: none yet
};
BOOST_DESCRIBE_STRUCT(ConnectAttempt, (), (account_id, user_id, state, installation_id))

// With a fresh state.
ConnectAttempt begin_connect(Id account_id, Id user_id);

// Good for half an hour: an owner of the organisation may have to be asked.
std::string connect_cookie(const ConnectAttempt& attempt, const crypto::Sealer& sealer,
                           Timestamp at);
std::string ended_connect_cookie();
// Nothing when there is none that is whole, ours and still good.
std::optional<ConnectAttempt> connect_of(const http::Request& request, const crypto::Sealer& sealer,
                                         Timestamp at);

}  // namespace mw::git_hosts
