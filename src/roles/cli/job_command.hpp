// `millwright job run` and `millwright runs`: the public API from a terminal.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mw::cli {

struct JobRunOptions {
    std::string job;  // id or exact name
    std::string cause = "Triggered from the command line";
    std::string git_branch;
    std::vector<std::string> steps;
    bool wait = false;
    bool json = false;
    std::filesystem::path demo_file;
};

// Exit code: 0 success (or triggered, without wait), 1 error, 2 cancelled, 3 could not be asked.
int run_job(const JobRunOptions& options);

struct RunsOptions {
    std::string job;  // id or exact name; empty: all
    int limit = 20;
    std::string cancel;  // id of a run to cancel instead of listing
    bool json = false;
    std::filesystem::path demo_file;
};

int list_runs(const RunsOptions& options);

}  // namespace mw::cli
