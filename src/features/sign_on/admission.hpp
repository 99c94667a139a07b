// Who somebody is here whom an identity provider vouches for: found by their e-mail address,
// or made a member on the spot, in the groups and with the licence that the provider's groups
// lead to.
//
// A provider speaks for its own account alone: who is of another account of this installation,
// and no member here, is not let in by it.
#pragma once

#include "features/sign_on/identity.hpp"
#include "features/sign_on/sign_on_store.hpp"

namespace mw::sign_on {

// The user's id. Errors: forbidden, saying why somebody is not let in.
// Groups that map none of the provider's are left as they are; so are all, and the licence, when
// the provider says nothing of groups.
Awaitable<Id> admit(pg::Connection& tx, const AuthProvider& provider, Identity identity);

}  // namespace mw::sign_on
