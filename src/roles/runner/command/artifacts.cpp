#include "roles/runner/command/artifacts.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "infra/zstd/pack.hpp"
#include "roles/runner/project/plain_file.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr std::size_t kMostRefusalsShown = 5;

bool is_tree(std::string_view path) {
    return path.starts_with("compiled/") || path.starts_with("run/");
}

bool is_artifact_at_top(std::string_view name) {
    return name.ends_with(".json") || name == "index.html" || name == "static_index.html" ||
           name == "graph.gpickle";
}

bool read_stamp(const fs::path& file, FileStamp& stamp) {
    struct stat facts{};
    if (::lstat(file.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
    stamp.modified_ns = facts.st_mtim.tv_sec * 1'000'000'000LL + facts.st_mtim.tv_nsec;
    stamp.size = static_cast<std::uint64_t>(facts.st_size);
    stamp.inode = facts.st_ino;
    return true;
}

void take_tree(const fs::path& target, const char* tree, TargetSnapshot& snapshot) {
    std::error_code error;
    auto root = target / tree;
    if (!fs::is_directory(fs::symlink_status(root, error))) return;
    // Does not follow links to folders by default.
    fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied,
                                           error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        FileStamp stamp;
        if (read_stamp(entry->path(), stamp))
            snapshot.emplace(entry->path().lexically_relative(target).generic_string(), stamp);
    }
}

struct Upload {
    ApiClient& api;
    StepLog log;
    fs::path target;
    std::vector<std::string> paths;
    std::size_t next = 0;
    std::size_t refused = 0;
    std::vector<std::string> saved = {};
};

void note_refusal(Upload& upload, const std::string& path, const Error& error) {
    if (++upload.refused > kMostRefusalsShown) return;
    upload.log.warn(fmt::format("The artifact {} could not be saved: {}", path, error.message));
}

asio::awaitable<void> upload_some(Upload& upload) {
    while (upload.next < upload.paths.size()) {
        auto path = upload.paths[upload.next++];
        auto sent = co_await upload.api.put_artifact(path, upload.log.step(), upload.target / path);
        if (sent)
            upload.saved.push_back(std::move(path));
        else
            note_refusal(upload, path, sent.error());
    }
}

// Moves the small files of the trees from `paths` into a pack and returns theirs. When that fails
// all stay, and are sent one by one.
std::vector<std::string> pack_small(const fs::path& target, const fs::path& pack_file,
                                    std::vector<std::string>& paths) {
    if (std::ranges::none_of(paths, is_tree)) return {};
    auto writer = pack::Writer::create(pack_file);
    if (!writer) return {};
    std::vector<std::string> packed;
    std::vector<std::string> others;
    auto pack = [&](const std::string& path) {
        if (!is_tree(path)) return false;
        auto content = read_plain(target / path, pack::kFileBytesMax);
        return content && writer->add(path, *content);
    };
    for (const auto& path : paths)
        (pack(path) ? packed : others).push_back(path);
    if (packed.empty() || !writer->finish()) return {};
    paths = std::move(others);
    return packed;
}

asio::awaitable<void> upload_pack(Upload& upload, fs::path file, std::vector<std::string> paths) {
    if (paths.empty()) co_return;
    auto sent = co_await upload.api.put_artifact_pack(upload.log.step(), std::move(file));
    for (auto& path : paths) {
        if (sent)
            upload.saved.push_back(std::move(path));
        else
            note_refusal(upload, path, sent.error());
    }
}

}  // namespace

TargetSnapshot snapshot_target(const fs::path& target) {
    TargetSnapshot snapshot;
    std::error_code error;
    fs::directory_iterator entry(target, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        auto name = entry->path().filename().string();
        FileStamp stamp;
        if (is_artifact_at_top(name) && read_stamp(entry->path(), stamp))
            snapshot.emplace(name, stamp);
    }
    take_tree(target, "compiled", snapshot);
    take_tree(target, "run", snapshot);
    return snapshot;
}

ArtifactList changed_artifacts(const TargetSnapshot& before, const TargetSnapshot& after,
                               ArtifactLimits limits) {
    ArtifactList list;
    std::uint64_t bytes = 0;
    // The files at the top are what clients ask for, so they count first and are never cut.
    for (bool trees : {false, true})
        for (const auto& [path, stamp] : after) {
            if (is_tree(path) != trees) continue;
            auto old = before.find(path);
            if (old != before.end() && old->second == stamp) continue;
            bool fits = list.paths.size() < limits.files && bytes + stamp.size <= limits.bytes;
            if (trees && !fits) {
                ++list.left_out;
                continue;
            }
            bytes += stamp.size;
            list.paths.push_back(path);
        }
    return list;
}

asio::awaitable<std::vector<std::string>> upload_artifacts(ApiClient& api, StepLog log,
                                                           fs::path target, fs::path pack_file,
                                                           ArtifactList list) {
    using asio::experimental::awaitable_operators::operator&&;
    if (list.left_out > 0)
        log.warn(
            fmt::format("{} compiled files are not saved as artifacts: a step may have 20,000 "
                        "files of 512 MiB in all.",
                        list.left_out));
    auto packed = pack_small(target, pack_file, list.paths);
    Upload upload{api, log, std::move(target), std::move(list.paths)};
    // One after the other would spend most of the time waiting for the answer.
    co_await (upload_pack(upload, pack_file, std::move(packed)) && upload_some(upload) &&
              upload_some(upload) && upload_some(upload));
    std::error_code ignored;
    fs::remove(pack_file, ignored);
    if (upload.refused > kMostRefusalsShown)
        log.warn(fmt::format("{} artifacts could not be saved.", upload.refused));
    co_return std::move(upload.saved);
}

asio::awaitable<result<>> fetch_artifacts_of(ApiClient& api, Id run_id,
                                             std::vector<std::string> paths, fs::path folder,
                                             std::string_view why) {
    for (const auto& path : paths) {
        auto fetched =
            co_await api.get_artifact_of(run_id, path, folder / fs::path(path).filename());
        if (!fetched)
            co_return fail(fetched.error().code,
                           fmt::format("{} of run {}, which {}, cannot be had: {}", path, run_id,
                                       why, fetched.error().message));
    }
    co_return result<>{};
}

}  // namespace mw::runner
