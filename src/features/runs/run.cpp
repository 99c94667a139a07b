#include "features/runs/run.hpp"

#include <charconv>
#include <stdexcept>

#include "dbt/command.hpp"

namespace mw::runs {
namespace {

// `dbt retry` came with dbt 1.6. Release tracks ("latest", "versionless") are newer than that.
bool version_has_retry(std::string_view version) {
    auto dot = version.find('.');
    if (dot == version.npos) return true;
    int major = 0;
    int minor = 0;
    auto read = [](std::string_view text, int& out) {
        return std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc{};
    };
    if (!read(version.substr(0, dot), major) || !read(version.substr(dot + 1), minor)) return true;
    return major > 1 || (major == 1 && minor >= 6);
}

bool command_has_retry(std::string_view text) {
    auto command = dbt::parse_command(text);
    // A retry that failed again is taken up again, by what it had retried.
    return command && (dbt::supports_retry(*command) || command->subcommand == "retry");
}

}  // namespace

std::optional<Status> to_status(std::int64_t code) {
    switch (code) {
        case 1:
            return Status::queued;
        case 2:
            return Status::starting;
        case 3:
            return Status::running;
        case 10:
            return Status::success;
        case 20:
            return Status::error;
        case 30:
            return Status::cancelled;
        default:
            return std::nullopt;
    }
}

bool is_over(Status status) {
    return status == Status::success || status == Status::error || status == Status::cancelled;
}

bool may_follow(Status from, Status to) {
    switch (from) {
        case Status::queued:
            return to == Status::starting || to == Status::error || to == Status::cancelled;
        // Back to the queue when its worker was lost before any step began.
        case Status::starting:
            return to != Status::starting;
        case Status::running:
            return is_over(to);
        case Status::success:
        case Status::error:
        case Status::cancelled:
            return false;
    }
    return false;
}

std::string_view humanized(Status status) {
    switch (status) {
        case Status::queued:
            return "Queued";
        case Status::starting:
            return "Starting";
        case Status::running:
            return "Running";
        case Status::success:
            return "Success";
        case Status::error:
            return "Error";
        case Status::cancelled:
            return "Cancelled";
    }
    return "";
}

std::string_view color(Status status) {
    switch (status) {
        case Status::queued:
            return "#8b949e";
        case Status::starting:
        case Status::running:
            return "#1f6feb";
        case Status::success:
            return "#2da44e";
        case Status::error:
            return "#cf222e";
        case Status::cancelled:
            return "#6e7781";
    }
    return "";
}

void from_column(std::string_view text, Status& out) {
    int code = 0;
    pg::from_column(text, code);
    auto status = to_status(code);
    if (!status) throw std::runtime_error("column value is not a status");
    out = *status;
}

std::optional<RetryRefusal> retry_refusal(const Run& run) {
    if (run.status != Status::error) return RetryRefusal::not_failed_run;
    if (!run.is_latest) return RetryRefusal::not_latest_run;
    if (!version_has_retry(run.dbt_version)) return RetryRefusal::unsupported_version;
    // Nothing of dbt's had begun: there is nothing to take up again.
    if (!run.failed_command || run.failed_command->empty()) return RetryRefusal::no_run_results;
    if (!command_has_retry(*run.failed_command)) return RetryRefusal::unsupported_command;
    if (!run.has_run_results) return RetryRefusal::no_run_results;
    return std::nullopt;
}

std::string_view reason_name(RetryRefusal refusal) {
    switch (refusal) {
        case RetryRefusal::not_failed_run:
            return "RETRY_NOT_FAILED_RUN";
        case RetryRefusal::not_latest_run:
            return "RETRY_NOT_LATEST_RUN";
        case RetryRefusal::unsupported_version:
            return "RETRY_UNSUPPORTED_VERSION";
        case RetryRefusal::unsupported_command:
            return "RETRY_UNSUPPORTED_CMD";
        case RetryRefusal::no_run_results:
            return "RETRY_NO_RUN_RESULTS";
    }
    return "";
}

std::string_view explain(RetryRefusal refusal) {
    switch (refusal) {
        case RetryRefusal::not_failed_run:
            return "Only a run that ended with an error can be retried.";
        case RetryRefusal::not_latest_run:
            return "Only the latest run of a job can be retried.";
        case RetryRefusal::unsupported_version:
            return "Retrying needs dbt 1.6 or later.";
        case RetryRefusal::unsupported_command:
            return "The command that failed can't be retried; run the job again instead.";
        case RetryRefusal::no_run_results:
            return "The run failed before it had results to go on from; run the job again instead.";
    }
    return "";
}

}  // namespace mw::runs
