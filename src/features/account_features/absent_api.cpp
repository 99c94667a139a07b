#include <fmt/format.h>

#include "features/account_features/feature_api.hpp"

namespace mw::account_features {
namespace {

using api::Area;

api::Reply none(api::Call& call) {
    co_return api::success_all({}, call.account_id);
}

api::Reply not_there(api::Call&) {
    co_return api::not_found();
}

api::Endpoint cannot_be_had(std::string what) {
    return [what = std::move(what)](api::Call&) -> api::Reply {
        co_return fail(Errc::invalid_argument,
                       fmt::format("{} can't be had on an installation of your own.", what));
    };
}

// A list that is empty, and nothing in it.
void add_absent(api::Api& api, const std::string& path, const std::string& id, Area area,
                std::string what) {
    using How = api::Route::Answer;
    auto one = path + "{" + id + "}/";
    api.get(path, api::reads(area), none)
        .says("Empty: " + what + " belong to a vendor's cloud")
        .gives(How::list, {{"type", "object"}});
    api.post(path, api::writes(area), cannot_be_had(what)).says("Refused: " + what);
    api.get(one, api::reads(area), not_there).says("Nothing: " + what);
    api.patch(one, api::writes(area), not_there).says("Nothing: " + what);
    api.del(one, api::writes(area), not_there).says("Nothing: " + what);
}

}  // namespace

void add_absent_endpoints(api::Api& api) {
    const std::string account = "/api/v3/accounts/{account_id}/";
    add_absent(api, account + "private-endpoints/", "pl_endpoint_ksuid", Area::connections,
               "Private endpoints");
    add_absent(api, account + "integrations/open-ai/", "id", Area::account_settings,
               "Hosted AI integrations");
    api.get(account + "private-link-endpoints/", api::reads(Area::connections), none)
        .says("Empty: private links belong to a vendor's cloud")
        .gives(api::Route::Answer::list, {{"type", "object"}});
    api.get(account + "favorite-assets/", api::signed_in(), none)
        .says("Empty: nothing has been marked as a favourite")
        .gives(api::Route::Answer::list, {{"type", "object"}});
    for (auto rest : {"integrations/azure-ad/projects/",
                      "integrations/azure-ad/projects/{project}/repositories/"})
        api.get(std::string("/api/v3/") + rest, api::reads(Area::repositories), none)
            .says("Empty: Azure DevOps is not connected")
            .gives(api::Route::Answer::list, {{"type", "object"}});
}

}  // namespace mw::account_features
