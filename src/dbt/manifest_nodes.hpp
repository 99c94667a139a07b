// Some nodes of a manifest.json, without the rest of it in memory: of a hundred megabytes, the few
// models that somebody asks about. Pure.
//
// Errors: `upstream_failed` when the text is not JSON.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mw::dbt {

// By unique id, each as dbt wrote it.
using ManifestNodes = std::map<std::string, boost::json::object, std::less<>>;

// Those of the section "nodes" (models, seeds, snapshots, tests) whose id `wanted` wants.
result<ManifestNodes> pick_nodes(std::string_view manifest,
                                 const std::function<bool(std::string_view)>& wanted);

}  // namespace mw::dbt
