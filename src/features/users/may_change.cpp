#include "features/users/may_change.hpp"

#include <algorithm>

#include "api/api.hpp"
#include "features/groups/giving.hpp"
#include "features/groups/group_store.hpp"
#include "features/users/user_store.hpp"

namespace mw::users {

asio::awaitable<result<>> check_may_change(pg::Connection& connection, const api::Caller& caller,
                                           Id user_id) {
    MW_CO_TRY(bool owner, co_await is_owner(connection, caller.account_id, user_id));
    auto need = api::writes(api::Area::groups);
    if (owner && !caller.grants.may(need)) co_return api::forbidden(need);
    MW_CO_TRY(auto in, co_await groups::groups_of(connection, caller.account_id, user_id));
    std::vector<Id> ids;
    for (const auto& group : in)
        ids.push_back(group.id);
    co_return co_await groups::check_may_give(connection, caller, std::move(ids));
}

asio::awaitable<result<>> check_may_let_in(pg::Connection& connection, const api::Caller& caller,
                                           Id user_id) {
    MW_CO_TRY(auto accounts, co_await accounts_of(connection, user_id));
    if (std::ranges::find(accounts, caller.account_id) == accounts.end())
        co_return api::not_found();
    if (accounts.size() > 1)
        co_return fail(Errc::forbidden,
                       "This person is in other accounts, too: the operator of this appliance "
                       "lets them in, by `millwright admin reset-password`.");
    co_return co_await check_may_change(connection, caller, user_id);
}

}  // namespace mw::users
