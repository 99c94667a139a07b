// Walks the file store's folders in the byte order of keys. Blocking; private to this folder.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"

namespace mw::store {

// Gets each key and its file; false ends the walk.
using Visit = std::function<bool(const std::string& key, const std::filesystem::path& file)>;

// Visits every key that begins with `prefix` and is greater than `after`. Holds one folder's
// names per level in memory. What vanishes meanwhile is passed over.
result<> walk(const std::filesystem::path& root, const std::string& prefix,
              const std::string& after, const Visit& visit);

// Removes the file's folder and its parents up to `root` as long as they are empty.
void prune_empty_folders(const std::filesystem::path& root, const std::filesystem::path& file);

}  // namespace mw::store
