#include "features/profiles/profile_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "features/profiles/profile.hpp"
#include "features/profiles/profile_store.hpp"
#include "features/resources/resource_api.hpp"

namespace mw::profiles {
namespace {

namespace asio = boost::asio;
using resources::Change;
using resources::field;
using resources::Verbs;

resources::Resource<ExtendedAttributes> extended_attributes() {
    return {.noun = "set of extended attributes",
            .table = "extended_attributes",
            .area = api::Area::credentials,
            .fields = {field(&ExtendedAttributes::extended_attributes, {.required = true})},
            // Removed ones that are used would change what runs do without anybody saying so.
            .written = [](Change<ExtendedAttributes>& change) -> asio::awaitable<result<>> {
                if (!change.is_removal()) co_return result<>{};
                MW_CO_TRY(auto uses, co_await uses_of_attributes(change.tx, change.row.account_id,
                                                                 change.row.id));
                if (!uses.empty())
                    co_return fail(Errc::conflict,
                                   fmt::format("They are used by {}.", fmt::join(uses, ", ")));
                co_return result<>{};
            }};
}

resources::Resource<Profile> profiles() {
    return {.noun = "profile",
            .table = "profiles",
            .area = api::Area::credentials,
            .fields = {field(&Profile::key, {.required = true, .most = 255}),
                       field(&Profile::connection_id, {.required = true, .refers = "connections"}),
                       field(&Profile::credentials_id, {.required = true, .refers = "credentials"}),
                       field(&Profile::extended_attributes_id, {.refers = "extended_attributes"})},
            .json =
                [](const Profile& profile) {
                    auto json = described_to_json(profile);
                    json["primary_bindings"] = boost::json::array{};
                    json["catalog_bindings"] = boost::json::array{};
                    return json;
                },
            .written = [](Change<Profile>& change) -> asio::awaitable<result<>> {
                if (!change.is_removal()) co_return result<>{};
                MW_CO_TRY(auto bindings, co_await environments_of_profile(
                                             change.tx, change.row.account_id, change.row.id));
                if (!bindings.empty())
                    co_return fail(Errc::conflict, fmt::format("It is used by the environment {}.",
                                                               bindings.front().name));
                co_return result<>{};
            },
            .relate = [](pg::Pool& pool, const api::Call& call, const Profile& profile,
                         boost::json::object& json) -> asio::awaitable<result<>> {
                MW_CO_TRY(auto lease, co_await pool.acquire());
                MW_CO_TRY(auto bindings,
                          co_await environments_of_profile(*lease, call.account_id, profile.id));
                json["primary_bindings"] = member_to_json(bindings);
                co_return result<>{};
            }};
}

}  // namespace

void add_profile_endpoints(api::Api& api, pg::Pool& pool) {
    const std::string project = "/api/v3/accounts/{account_id}/projects/{project_id}/";
    resources::add_resource(api, pool, extended_attributes(), project + "extended-attributes/",
                            resources::kAll);
    resources::add_resource(
        api, pool, profiles(), project + "profiles/",
        Verbs::list | Verbs::get | Verbs::create | Verbs::update_by_patch | Verbs::remove);
}

}  // namespace mw::profiles
