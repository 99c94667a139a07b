// The bytes of an artifact, wherever in the object store they lie.
#pragma once

#include <memory>

#include "features/artifacts/artifact_store.hpp"
#include "infra/store/object_store.hpp"

namespace mw::artifacts {

// Where in its object a packed artifact lies; nothing for one that is the whole object.
std::optional<store::ByteRange> stored_range(const Artifact& artifact);

// `not_found` when the object is gone, which is logged.
Awaitable<std::shared_ptr<store::ObjectReader>> open_content(store::ObjectStore& objects,
                                                             const Artifact& artifact,
                                                             std::optional<store::ByteRange> range);

// Of a packed artifact, from a reader of its range.
Awaitable<std::string> unpack_content(store::ObjectReader& reader, const Artifact& artifact);

// All of it, in memory. `limit_exceeded` beyond `bytes_max`.
Awaitable<std::string> read_content(store::ObjectStore& objects, const Artifact& artifact,
                                    std::uint64_t bytes_max);

}  // namespace mw::artifacts
