// What every kind of SCIM resource answers to (RFC 7644 §3.2).
#pragma once

#include <memory>
#include <string>

#include "api/api.hpp"
#include "features/scim/scim_json.hpp"

namespace mw::scim {

// A kind of resource in the words of the API's description.
struct Nouns {
    std::string path;    // "Users"
    std::string plural;  // "users"
    std::string one;     // "a user"
    std::string change = "change " + one;
    std::string removal = "remove " + one;
};

// Resources has `list`, `create`, `get`, `replace`, `patch` and `remove`, each an api::Reply of an
// api::Call&, whose errors become SCIM's.
template <class Resources>
void add_scim_resource(api::Api& api, std::shared_ptr<Resources> resources, const Nouns& nouns) {
    const auto all = "/api/v3/accounts/{account_id}/scim/v2/" + nouns.path;
    const auto single = all + "/{scim_id}";
    const auto reads = api::reads(api::Area::scim);
    const auto writes = api::writes(api::Area::scim);
    auto by = [&resources](api::Reply (Resources::*handler)(api::Call&)) {
        return [resources, handler](api::Call& call) {
            return as_scim(((*resources).*handler)(call));
        };
    };
    auto says = [](api::Route& route, const std::string& what) -> api::Route& {
        return route.says("SCIM: " + what).gives(api::Route::Answer::raw).in(kMedia);
    };
    says(api.get(all, reads, by(&Resources::list)), "list " + nouns.plural)
        .asks({"filter", "startIndex", "count"});
    says(api.post(all, writes, by(&Resources::create)), "make " + nouns.one);
    says(api.get(single, reads, by(&Resources::get)), "get " + nouns.one);
    says(api.put(single, writes, by(&Resources::replace)), "replace " + nouns.one);
    says(api.patch(single, writes, by(&Resources::patch)), nouns.change);
    says(api.del(single, writes, by(&Resources::remove)), nouns.removal);
}

}  // namespace mw::scim
