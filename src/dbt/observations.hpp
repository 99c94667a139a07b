// What dbt saw in the warehouse: sources.json (`dbt source freshness`) and catalog.json
// (`dbt docs generate`). Pure.
//
// Errors: `upstream_failed` when the text is not such a file.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace mw::dbt {

struct Observations {
    std::string generated_at;
    // By unique id, as dbt wrote them, under dbt's names.
    std::vector<std::pair<std::string, boost::json::object>> nodes;
};

result<Observations> parse_sources(std::string_view text);
result<Observations> parse_catalog(std::string_view text);

}  // namespace mw::dbt
