#include "infra/git/mirror_care.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <cstdint>
#include <string>

#include "base/log.hpp"
#include "infra/git/git_process.hpp"
#include "infra/git/mirror_folder.hpp"
#include "infra/process/run_command.hpp"

namespace mw::git {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::experimental::awaitable_operators::operator||;

constexpr int kLockFd = 3;
constexpr std::chrono::minutes kPackingMost{10};

struct Packs {
    std::size_t count = 0;
    std::uintmax_t bytes = 0;
    std::uintmax_t largest = 0;
};

Id repository_of(std::string_view name) {
    Id id = 0;
    auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    return error == std::errc{} && end != name.data() + name.size() && *end == '-' ? id : 0;
}

// Names of mirrors, and of locks whose mirror is gone.
std::vector<std::string> names_in(const fs::path& cache) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(cache, error), end; !error && entry != end;
         entry.increment(error)) {
        auto name = entry->path().filename();
        if (name.extension() == ".lock") name = name.stem();
        if (repository_of(name.string()) > 0) names.push_back(name.string());
    }
    std::ranges::sort(names);
    auto [same, end] = std::ranges::unique(names);
    names.erase(same, end);
    return names;
}

bool is_older(const MirrorFolder& mirror, std::chrono::hours age) {
    std::error_code error;
    auto used = fs::last_write_time(mirror.path(), error);
    if (error) used = fs::last_write_time(mirror.lock_file(), error);
    return !error && used < fs::file_time_type::clock::now() - age;
}

Packs packs_of(const MirrorFolder& mirror) {
    Packs packs;
    std::error_code error;
    for (fs::directory_iterator entry(mirror.packs(), error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != ".pack") continue;
        auto bytes = entry->file_size(error);
        packs.count += 1;
        packs.bytes += bytes;
        packs.largest = std::max(packs.largest, bytes);
    }
    return packs;
}

enum class Packed { yes, no, stopped };

asio::awaitable<Packed> pack(MirrorFolder mirror, const MirrorLock& lock, bool everything,
                             asio::steady_timer& stop) {
    std::vector<std::string> args{"--git-dir=" + mirror.path().string()};
    if (everything)
        args.insert(args.end(), {"gc", "--quiet", "--prune=now"});
    else
        args.insert(args.end(), {"repack", "--quiet", "-d", "--geometric=2"});
    auto options = git_options(std::move(args));
    options.inherit = {{lock.fd(), kLockFd}};
    if (!mirror.begin_change()) co_return Packed::no;
    boost::system::error_code ignored;
    auto first = co_await (process::run_command(std::move(options), {.timeout = kPackingMost}) ||
                           stop.async_wait(asio::redirect_error(asio::use_awaitable, ignored)));
    if (first.index() == 1) co_return Packed::stopped;
    const auto& done = std::get<0>(first);
    bool good = done && done->status.success();
    if (good) mirror.end_change();
    if (!good)
        log::warn("a cached repository is not packed anew",
                  {{"folder", mirror.path().string()},
                   {"reason", done ? process::last_lines(done->err, 3) : done.error().message}});
    co_return good ? Packed::yes : Packed::no;
}

}  // namespace

std::vector<Id> mirrored_repositories(const fs::path& cache) {
    std::vector<Id> ids;
    for (const auto& name : names_in(cache))
        ids.push_back(repository_of(name));
    return ids;
}

asio::awaitable<CareDone> tend_mirrors(fs::path cache, CareRules rules, asio::steady_timer& stop) {
    CareDone done;
    for (const auto& name : names_in(cache)) {
        MirrorFolder mirror(cache, name);
        bool goes = is_older(mirror, rules.unused_most) || !rules.is_wanted(repository_of(name));
        if (!goes && packs_of(mirror).count <= rules.packs_most) continue;
        auto lock = MirrorLock::try_take(mirror.lock_file(), MirrorLock::Use::exclusive);
        if (!lock || !*lock) continue;
        if (goes) {
            bool was_there = mirror.exists();
            mirror.remove();
            std::error_code ignored;
            fs::remove(mirror.lock_file(), ignored);
            done.removed += was_there ? 1 : 0;
            continue;
        }
        if (!mirror.prepare()) continue;
        mirror.forget_tips_older_than(rules.unused_most);
        auto packs = packs_of(mirror);
        auto packed = co_await pack(mirror, **lock, packs.bytes > 2 * packs.largest, stop);
        if (packed == Packed::stopped) break;
        done.packed += packed == Packed::yes ? 1 : 0;
    }
    co_return done;
}

}  // namespace mw::git
