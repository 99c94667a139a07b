// Folders of installed engines: their names, the record inside, and how they become read-only.
// Private to this folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "engines/catalogue.hpp"
#include "engines/installer.hpp"

namespace mw::engines {

// Where this entry's engine lies or will lie.
std::filesystem::path engine_folder(const std::filesystem::path& engines_dir, const Entry& entry);

// A folder to build it in, on the same file system.
std::filesystem::path staging_folder(const std::filesystem::path& engines_dir, const Entry& entry);

// What interrupted installations left. Only for the holder of the installation lock.
result<> remove_staging_folders(const std::filesystem::path& engines_dir);

// engine.json; written last, so that its presence says the folder is whole.
result<> write_record(const std::filesystem::path& folder, const Entry& entry);
std::optional<InstalledEngine> read_record(const std::filesystem::path& folder);

// Nobody may write, everybody may read: the user who runs dbt is not the one who installed.
result<> make_read_only(const std::filesystem::path& folder);

// Removes a folder even if it is read-only.
result<> remove_folder(const std::filesystem::path& folder);

}  // namespace mw::engines
