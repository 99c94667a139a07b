// …/integrations/lineage/{id}/collections/ and …/selections: what of a lineage tool is watched.
//
// Millwright does not ask the tool what it has, so the collections are those that somebody chose.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::integrations {

void add_lineage_selection_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::integrations
