// Folders of installed engines: their names, the record inside, and how they become read-only.
// Private to this folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "engines/catalogue.hpp"
#include "engines/installer.hpp"

namespace mw::engines {

// One installation or removal at a time in an engines folder, whoever does it; waits, and says so.
result<UniqueFd> lock_engines(const std::filesystem::path& engines_dir, const Progress& progress);

// Where this set's engine lies or will lie.
std::filesystem::path engine_folder(const std::filesystem::path& engines_dir, const Entry& entry,
                                    const AdapterSet& set);

// A folder to build it in, on the same file system.
std::filesystem::path staging_folder(const std::filesystem::path& engines_dir, const Entry& entry,
                                     const AdapterSet& set);

// The name under which nothing looks for an engine that is being removed.
std::filesystem::path removed_folder(const std::filesystem::path& engine);

// What interrupted installations and removals left. Only for the holder of the lock.
result<> remove_leftovers(const std::filesystem::path& engines_dir);

// engine.json; written last, so that its presence says the folder is whole.
result<> write_record(const std::filesystem::path& folder, const InstalledEngine& engine);
std::optional<InstalledEngine> read_record(const std::filesystem::path& folder);

// Nobody may write, everybody may read: the user who runs dbt is not the one who installed.
result<> make_read_only(const std::filesystem::path& folder);

// Removes a folder even if it is read-only.
result<> remove_folder(const std::filesystem::path& folder);

}  // namespace mw::engines
