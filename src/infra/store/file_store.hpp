// The object store in a folder: `<root>/objects/…` and `<root>/incoming/` for what is being
// written. Several processes may use one folder at once.
#pragma once

#include "infra/store/object_store.hpp"

namespace mw::store {

// Makes the folders (0700) if need be and removes parts that a crash left a day ago or before.
result<std::unique_ptr<ObjectStore>> open_file_store(const std::filesystem::path& root,
                                                     BlockingPool& pool);

}  // namespace mw::store
