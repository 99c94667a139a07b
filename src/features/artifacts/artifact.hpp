// A file that a run left behind, as stored. Pure.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace mw::artifacts {

struct Artifact {
    Id run_id = 0;
    int step_index = 0;
    std::string path;  // within dbt's target folder, "/" between names
    std::int64_t size_bytes = 0;
    std::string object_key;
    // Where in the object it lies, packed (infra/zstd/pack.hpp); without them it is the whole
    // object.
    std::optional<std::int64_t> pack_offset = {};
    std::optional<std::int64_t> pack_bytes = {};
};
BOOST_DESCRIBE_STRUCT(Artifact, (),
                      (run_id, step_index, path, size_bytes, object_key, pack_offset, pack_bytes))

// Where an artifact lies in the object store. Fails for a path that could lead elsewhere.
result<std::string> object_key_of(Id account_id, Id run_id, int step_index, std::string_view path);

// Where a step's pack of small artifacts lies.
std::string pack_key_of(Id account_id, Id run_id, int step_index);

// Whether the value of If-None-Match names `etag` (without quotes).
bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace mw::artifacts
