// /api/v3/accounts/{account_id}/connections/{id}/catalog-configs/: which databases, schemas, tables
// and views of a warehouse are to be known of. Kept and given back; nothing reads warehouses'
// catalogues by itself here.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::connections {

void add_catalog_config_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::connections
