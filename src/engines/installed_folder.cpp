#include "engines/installed_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>

#include "base/files.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view kStagingPrefix = ".staging-";
constexpr std::string_view kRecordName = "engine.json";
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

fs::path engine_folder(const fs::path& engines_dir, const Entry& entry) {
    return engines_dir /
           fmt::format("{}-{}", entry.name, entry.lock_digest.substr(0, kDigestDigits));
}

fs::path staging_folder(const fs::path& engines_dir, const Entry& entry) {
    return engines_dir / fmt::format("{}{}", kStagingPrefix, entry.name);
}

result<> remove_staging_folders(const fs::path& engines_dir) {
    std::error_code error;
    for (const auto& folder : fs::directory_iterator(engines_dir, error))
        if (folder.path().filename().string().starts_with(kStagingPrefix))
            MW_CHECK(remove_folder(folder.path()));
    if (error)
        return fail(file_error(error.value(), "The engines folder cannot be read", engines_dir));
    return {};
}

result<> write_record(const fs::path& folder, const Entry& entry) {
    json::object adapters;
    for (const auto& [name, version] : entry.adapters)
        adapters[name] = version;
    json::object record{{"name", entry.name},
                        {"dbt_version", entry.dbt_version},
                        {"adapters", std::move(adapters)},
                        {"lock_digest", entry.lock_digest}};
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
                           .dbt_version = field("dbt_version"),
                           .adapters = {},
                           .lock_digest = field("lock_digest"),
                           .folder = folder};
    const auto* adapters = record->if_contains("adapters");
    if (adapters && adapters->is_object()) {
        for (const auto& [name, version] : adapters->get_object())
            if (version.is_string()) engine.adapters.emplace(name, version.get_string());
    }
    if (engine.name.empty() || engine.dbt_version.empty() || engine.lock_digest.empty())
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
        return fail(file_error(error.value(), "An unfinished engine cannot be removed", folder));
    return {};
}

}  // namespace mw::engines
