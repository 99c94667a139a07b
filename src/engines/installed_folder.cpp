#include "engines/installed_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <vector>

#include "base/files.hpp"
#include "engines/manifest.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view kStagingPrefix = ".staging-";
constexpr std::string_view kRemovedPrefix = ".removed-";
constexpr std::size_t kRecordBytesMax = 64UL * 1024;
constexpr std::size_t kDigestDigits = 12;

result<> set_mode(const fs::path& path, mode_t mode) {
    if (::chmod(path.c_str(), mode) == 0) return {};
    return fail(file_error(errno, "The engine's files cannot be protected", path));
}

result<mode_t> mode_of(const fs::path& path) {
    struct stat facts{};
    if (::lstat(path.c_str(), &facts) == 0) return facts.st_mode;
    return fail(file_error(errno, "The engine's files cannot be read", path));
}

result<> protect(const fs::path& path) {
    MW_TRY(auto mode, mode_of(path));
    if (S_ISLNK(mode)) return {};
    bool runs = S_ISDIR(mode) || (mode & S_IXUSR) != 0;
    return set_mode(path, runs ? 0555 : 0444);
}

}  // namespace

result<UniqueFd> lock_engines(const fs::path& engines_dir, const Progress& progress) {
    auto path = engines_dir / ".install.lock";
    UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!lock) return fail(file_error(errno, "The engines folder cannot be used", path));
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    progress("Waiting for another installation to end");
    while (::flock(lock.get(), LOCK_EX) != 0)
        if (errno != EINTR)
            return fail(file_error(errno, "The engines folder cannot be locked", path));
    return lock;
}

fs::path engine_folder(const fs::path& engines_dir, const Entry& entry, const AdapterSet& set) {
    return engines_dir /
           fmt::format("{}-{}-{}", entry.name, set.name, set.digest.substr(0, kDigestDigits));
}

fs::path staging_folder(const fs::path& engines_dir, const Entry& entry, const AdapterSet& set) {
    return engines_dir / fmt::format("{}{}-{}", kStagingPrefix, entry.name, set.name);
}

fs::path removed_folder(const fs::path& engine) {
    return engine.parent_path() / fmt::format("{}{}", kRemovedPrefix, engine.filename().string());
}

result<> remove_leftovers(const fs::path& engines_dir) {
    std::error_code error;
    std::vector<fs::path> leftovers;
    for (const auto& folder : fs::directory_iterator(engines_dir, error)) {
        auto name = folder.path().filename().string();
        if (name.starts_with(kStagingPrefix) || name.starts_with(kRemovedPrefix))
            leftovers.push_back(folder.path());
    }
    if (error)
        return fail(file_error(error.value(), "The engines folder cannot be read", engines_dir));
    for (const auto& folder : leftovers)
        MW_CHECK(remove_folder(folder));
    return {};
}

result<> write_record(const fs::path& folder, const InstalledEngine& engine) {
    json::object adapters;
    for (const auto& [name, version] : engine.adapters)
        adapters[name] = version;
    json::object record{{"name", engine.name},
                        {"set", engine.set},
                        {"title", engine.title},
                        {"family", std::string(family_name(engine.family))},
                        {"dbt_version", engine.dbt_version},
                        {"adapters", std::move(adapters)},
                        {"licence", engine.licence},
                        {"accepted_licence", engine.accepted_licence},
                        {"digest", engine.digest},
                        {"manifest_digest", engine.manifest_digest},
                        {"bytes", engine.bytes}};
    return write_file_atomically(folder / kRecordName, json::serialize(record) + "\n", 0444);
}

std::optional<InstalledEngine> read_record(const fs::path& folder) {
    auto text = read_file(folder / kRecordName, kRecordBytesMax);
    if (!text) return std::nullopt;
    boost::system::error_code error;
    json::value value = json::parse(*text, error);
    const auto* record = error ? nullptr : value.if_object();
    if (!record) return std::nullopt;
    auto field = [&](std::string_view name) {
        const auto* found = record->if_contains(name);
        return found && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    InstalledEngine engine{.name = field("name"),
                           .set = field("set"),
                           .title = field("title"),
                           .dbt_version = field("dbt_version"),
                           .adapters = {},
                           .licence = field("licence"),
                           .accepted_licence = field("accepted_licence"),
                           .digest = field("digest"),
                           .manifest_digest = field("manifest_digest"),
                           .folder = folder};
    for (auto family : {Family::core1, Family::core2, Family::fusion, Family::linter})
        if (field("family") == family_name(family)) engine.family = family;
    const auto* adapters = record->if_contains("adapters");
    if (adapters && adapters->is_object()) {
        for (const auto& [name, version] : adapters->get_object())
            if (version.is_string()) engine.adapters.emplace(name, version.get_string());
    }
    if (const auto* bytes = record->if_contains("bytes"); bytes && bytes->is_int64())
        engine.bytes = static_cast<std::uint64_t>(bytes->get_int64());
    // One of before there were adapter sets is nobody's any more, but may be listed and removed.
    if (engine.digest.empty()) engine.digest = field("lock_digest");
    if (engine.set.empty()) engine.set = kBaseSet;
    if (engine.name.empty() || engine.dbt_version.empty() || engine.digest.empty())
        return std::nullopt;
    return engine;
}

result<> make_read_only(const fs::path& folder) {
    std::error_code error;
    fs::recursive_directory_iterator entries(folder, error);
    for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error))
        MW_CHECK(protect(entries->path()));
    if (error) return fail(file_error(error.value(), "The engine's files cannot be read", folder));
    return protect(folder);
}

result<> remove_folder(const fs::path& folder) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(folder, error))) return {};
    // A file goes when its folder may be written.
    MW_CHECK(set_mode(folder, 0755));
    fs::recursive_directory_iterator entries(folder, error);
    for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
        MW_TRY(auto mode, mode_of(entries->path()));
        if (S_ISDIR(mode)) MW_CHECK(set_mode(entries->path(), 0755));
    }
    if (!error) fs::remove_all(folder, error);
    if (error)
        return fail(file_error(error.value(), "The engine's folder cannot be removed", folder));
    return {};
}

}  // namespace mw::engines
