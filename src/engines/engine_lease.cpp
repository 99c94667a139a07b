#include "engines/engine_lease.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "base/files.hpp"
#include "engines/installed_folder.hpp"
#include "engines/manifest.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> gone(const fs::path& folder) {
    return fail(Errc::not_found, "The dbt engine has just been removed from this machine.",
                folder.string());
}

// The record, locked; between opening and locking it may have gone.
result<UniqueFd> lock_record(const fs::path& folder, int how) {
    auto path = folder / kRecordName;
    UniqueFd record(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!record && (errno == ENOENT || errno == ENOTDIR)) return gone(folder);
    if (!record) return fail(file_error(errno, "The dbt engine cannot be read", path));
    if (::flock(record.get(), how | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return fail(Errc::conflict, "locked", folder.string());
        return fail(file_error(errno, "The dbt engine cannot be locked", path));
    }
    struct stat opened{};
    struct stat named{};
    if (::fstat(record.get(), &opened) != 0 || ::stat(path.c_str(), &named) != 0 ||
        opened.st_ino != named.st_ino || opened.st_dev != named.st_dev)
        return gone(folder);
    return record;
}

}  // namespace

result<EngineLease> EngineLease::take(const fs::path& folder) {
    auto record = lock_record(folder, LOCK_SH);
    if (record) return EngineLease(std::move(*record));
    // Only a removal takes it for itself alone.
    if (record.error().code == Errc::conflict) return gone(folder);
    return fail(std::move(record).error());
}

result<> remove_engine(const fs::path& engines_dir, const InstalledEngine& engine,
                       const Progress& progress) {
    MW_TRY(auto installing, lock_engines(engines_dir, progress));
    auto record = lock_record(engine.folder, LOCK_EX);
    if (!record && record.error().code == Errc::conflict)
        return fail(Errc::conflict,
                    fmt::format("{} is in use by a run that is going on; try again when it has "
                                "ended.",
                                engine.folder.filename().string()));
    if (!record) return fail(std::move(record).error());
    auto away = removed_folder(engine.folder);
    MW_CHECK(remove_folder(away));
    if (::rename(engine.folder.c_str(), away.c_str()) != 0)
        return fail(file_error(errno, "The engine cannot be removed", engine.folder));
    MW_CHECK(sync_folder(engines_dir));
    return remove_folder(away);
}

}  // namespace mw::engines
