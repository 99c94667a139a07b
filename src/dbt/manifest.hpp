// manifest.json (schema v4, of dbt 1.0, and later): what a project is made of. Pure.
//
// Errors: `upstream_failed` when the text is not such a file.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::dbt {

// A model, test, source, exposure, metric, …: whatever has a unique id and a place in the graph.
struct ManifestNode {
    std::string unique_id;
    std::string resource_type;  // "model", "source", "unit_test", …
    std::string name;
    std::vector<std::string> parents;  // unique ids, macros left out, each once, sorted
    boost::json::object facts;         // as dbt wrote them, under dbt's names
};

struct Manifest {
    std::string dbt_version;
    std::string invocation_id;
    std::string generated_at;
    std::string project_name;
    std::string adapter_type;
    std::vector<ManifestNode> nodes;  // sorted by unique id; disabled ones are not among them
};

// Takes some 20 ms for each MB: not on an I/O thread.
result<Manifest> parse_manifest(std::string_view text);

}  // namespace mw::dbt
