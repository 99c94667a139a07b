// Numbered SQL migrations, forward only, each in a transaction, under one advisory lock.
//
// Files are `NNNN_name.sql`; `schema_migrations` remembers number, name and a digest. A file
// that changed after it was applied, a gap, or a database newer than the program is refused.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace mw::pg {

struct Migration {
    int number;
    std::string name;
    std::string sql;
};

// Reads the folder, in order; refuses gaps and duplicates.
result<std::vector<Migration>> load_migrations(const std::filesystem::path& folder);

// Applies what is missing. Blocking: for start-up and the CLI. Returns how many it applied.
result<int> migrate(const std::string& conninfo, const std::vector<Migration>& migrations);

}  // namespace mw::pg
