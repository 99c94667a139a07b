#include "features/license_maps/license_map.hpp"

#include "features/resources/resource_api.hpp"

namespace mw::license_maps {

void add_license_map_endpoints(api::Api& api, pg::Pool& pool) {
    using resources::field;
    resources::Resource<LicenseMap> license_maps{
        .noun = "license map",
        .table = "license_maps",
        .area = api::Area::licenses,
        .fields = {field(&LicenseMap::license_type,
                         {.required = true, .one_of = {"developer", "read_only", "analyst", "it"}}),
                   field(&LicenseMap::sso_license_mapping_groups)}};
    resources::add_resource(api, pool, std::move(license_maps),
                            "/api/v3/accounts/{account_id}/license-maps/");
}

}  // namespace mw::license_maps
