#include "engines/manifest.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <map>

#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kManifestBytesMax = 64UL * 1024 * 1024;
constexpr std::size_t kDigestDigits = 64;

struct FileFacts {
    std::string digest;
    char kind = 'f';
    std::uint64_t bytes = 0;

    bool same_as(const FileFacts& other) const {
        return digest == other.digest && kind == other.kind;
    }
};

using Files = std::map<std::string, FileFacts>;

result<FileFacts> facts_of(const fs::path& path) {
    struct stat facts{};
    if (::lstat(path.c_str(), &facts) != 0)
        return fail(file_error(errno, "The engine's files cannot be read", path));
    if (S_ISLNK(facts.st_mode)) {
        std::error_code error;
        auto target = fs::read_symlink(path, error);
        if (error)
            return fail(file_error(error.value(), "The engine's files cannot be read", path));
        return FileFacts{.digest = crypto::sha256_hex(target.string()), .kind = 'l'};
    }
    // A pipe or a device would be read for ever, and has no place here.
    if (!S_ISREG(facts.st_mode)) return FileFacts{.digest = std::string(kDigestDigits, '0')};
    MW_TRY(auto digest, digest_of_file(path));
    return FileFacts{.digest = std::move(digest),
                     .kind = (facts.st_mode & S_IXUSR) != 0 ? 'x' : 'f',
                     .bytes = static_cast<std::uint64_t>(facts.st_size)};
}

result<Files> files_of(const fs::path& folder) {
    Files files;
    std::error_code error;
    fs::recursive_directory_iterator entries(folder, error);
    for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
        if (fs::is_directory(entries->symlink_status(error))) continue;
        auto name = entries->path().lexically_relative(folder).string();
        if (name == kRecordName || name == kManifestName) continue;
        MW_TRY(auto facts, facts_of(entries->path()));
        files.emplace(std::move(name), std::move(facts));
    }
    if (error) return fail(file_error(error.value(), "The engine's files cannot be read", folder));
    return files;
}

result<Files> parse(std::string_view text) {
    constexpr std::size_t kPathAt = kDigestDigits + 3;
    Files files;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.size() <= kPathAt || line[kDigestDigits] != ' ' || line[kPathAt - 1] != ' ')
            return fail(Errc::invalid_argument, "The engine's list of files is damaged.",
                        std::string(line));
        files.emplace(std::string(line.substr(kPathAt)),
                      FileFacts{.digest = std::string(line.substr(0, kDigestDigits)),
                                .kind = line[kDigestDigits + 1]});
    }
    return files;
}

}  // namespace

result<std::string> digest_of_file(const fs::path& file) {
    UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) return fail(file_error(errno, "A file cannot be read", file));
    crypto::Sha256 digest;
    std::array<char, 128UL * 1024> buffer;
    while (true) {
        ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(file_error(errno, "A file cannot be read", file));
        if (count == 0) return digest.hex();
        digest.update({buffer.data(), static_cast<std::size_t>(count)});
    }
}

result<ManifestFacts> write_manifest(const fs::path& folder) {
    MW_TRY(auto files, files_of(folder));
    ManifestFacts facts{.digest = {}, .files = files.size()};
    std::string text;
    for (const auto& [path, file] : files) {
        if (path.contains('\n'))
            return fail(Errc::internal, "A file of the engine has a line break in its name.", path);
        text += fmt::format("{} {} {}\n", file.digest, file.kind, path);
        facts.bytes += file.bytes;
    }
    facts.digest = crypto::sha256_hex(text);
    MW_CHECK(write_file_atomically(folder / kManifestName, text, 0444));
    return facts;
}

result<Comparison> compare_with_manifest(const fs::path& folder, std::string_view manifest_digest) {
    MW_TRY(auto text, read_file(folder / kManifestName, kManifestBytesMax));
    if (crypto::sha256_hex(text) != manifest_digest)
        return fail(Errc::invalid_argument,
                    fmt::format("{} has been changed since the engine was installed, so nothing "
                                "tells what the other files were.",
                                kManifestName));
    MW_TRY(auto expected, parse(text));
    MW_TRY(auto found, files_of(folder));
    Comparison comparison{.files = expected.size(), .differences = {}};
    for (const auto& [path, file] : expected) {
        auto same = found.find(path);
        if (same == found.end())
            comparison.differences.push_back({Difference::Kind::missing, path});
        else if (!same->second.same_as(file))
            comparison.differences.push_back({Difference::Kind::changed, path});
    }
    for (const auto& [path, file] : found)
        if (!expected.contains(path))
            comparison.differences.push_back({Difference::Kind::added, path});
    return comparison;
}

}  // namespace mw::engines
