// The digests of an installed engine's files, written when it was installed: `files.sha256` in
// its folder, a line each,
//
//   <SHA-256 in hex> <f, or x when it may be executed, or l for a link> <path>
//
// sorted by path; a link's digest is that of the path which it names. The manifest's own digest
// stands in engine.json; neither file is in the list.
//
// Blocking. Errors: a file or the manifest cannot be read or written; `invalid_argument` when the
// manifest is none or is not the one that engine.json knows. Differences are no errors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::engines {

inline constexpr std::string_view kRecordName = "engine.json";
inline constexpr std::string_view kManifestName = "files.sha256";

struct ManifestFacts {
    std::string digest;
    std::uint64_t bytes = 0;  // of the files in it
    std::size_t files = 0;
};

result<ManifestFacts> write_manifest(const std::filesystem::path& folder);

struct Difference {
    enum class Kind { changed, missing, added };
    Kind kind = Kind::changed;
    std::string path;  // below the folder
};

struct Comparison {
    std::size_t files = 0;  // that the manifest names
    std::vector<Difference> differences;
};

// Reads every file of the folder.
result<Comparison> compare_with_manifest(const std::filesystem::path& folder,
                                         std::string_view manifest_digest);

// SHA-256 of a file's content, in hex.
result<std::string> digest_of_file(const std::filesystem::path& file);

}  // namespace mw::engines
