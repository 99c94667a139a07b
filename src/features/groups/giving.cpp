#include "features/groups/giving.hpp"

#include <fmt/format.h>

#include "features/groups/group_store.hpp"

namespace mw::groups {

boost::asio::awaitable<result<>> check_may_give(pg::Connection& connection,
                                                const api::Caller& caller,
                                                std::vector<Id> group_ids) {
    if (caller.grants.may(api::writes(api::Area::groups))) co_return result<>{};
    for (auto id : group_ids) {
        MW_CO_TRY(auto permissions, co_await permissions_of(connection, id));
        for (const auto& permission : permissions) {
            const auto* set = api::find_permission_set(permission.permission_set);
            if (!set || caller.grants.covers(*set, permission.project_id)) continue;
            MW_CO_TRY(auto group, co_await find_group(connection, caller.account_id, id));
            co_return fail(Errc::forbidden,
                           fmt::format("The group {} gives more than you may do yourself. An "
                                       "administrator of the account decides who is in it.",
                                       group ? group->name : std::to_string(id)));
        }
    }
    co_return result<>{};
}

}  // namespace mw::groups
