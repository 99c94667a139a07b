// What a dbt command left in its target folder, and sending it to the app; and what an earlier run
// left, as the app gives it.
//
// Sent: the JSON files at the top, index.html and graph.gpickle, and the trees compiled/ and run/.
// A file counts as the command's when it is new or was changed since the snapshot taken before.
// Symbolic links are not followed: a project must not get at other files through the worker.
// Blocking directory walks on the io thread: a worker has nothing else to do meanwhile.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "roles/runner/report/api_client.hpp"
#include "roles/runner/report/step_log.hpp"

namespace mw::runner {

struct FileStamp {
    std::int64_t modified_ns = 0;
    std::uint64_t size = 0;
    std::uint64_t inode = 0;
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// By path relative to the target folder, with "/" between names.
using TargetSnapshot = std::map<std::string, FileStamp>;

// Empty when there is no such folder.
TargetSnapshot snapshot_target(const std::filesystem::path& target);

struct ArtifactLimits {
    std::size_t files = 20'000;
    std::uint64_t bytes = 512ULL * 1024 * 1024;
};

struct ArtifactList {
    std::vector<std::string> paths;  // the files at the top first
    std::size_t left_out = 0;        // for the limits' sake
};

// Pure.
ArtifactList changed_artifacts(const TargetSnapshot& before, const TargetSnapshot& after,
                               ArtifactLimits limits = {});

// Sends them, the small ones of the trees as one pack, which is written to `pack_file` and removed
// again; says in the step's log what could not be saved. Returns those that were.
boost::asio::awaitable<std::vector<std::string>> upload_artifacts(ApiClient& api, StepLog log,
                                                                  std::filesystem::path target,
                                                                  std::filesystem::path pack_file,
                                                                  ArtifactList list);

// Puts files of an earlier run, which has granted them, into `folder`. Errors: a sentence that
// names the file; `why` goes on after "run 12, which …".
boost::asio::awaitable<result<>> fetch_artifacts_of(ApiClient& api, Id run_id,
                                                    std::vector<std::string> paths,
                                                    std::filesystem::path folder,
                                                    std::string_view why);

}  // namespace mw::runner
