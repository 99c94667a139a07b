#include "roles/supervisor/status_file.hpp"

#include <boost/json.hpp>

#include "base/files.hpp"
#include "infra/process/proc_info.hpp"

namespace mw::supervisor {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxBytes = 64 * 1024;

Timestamp time_of(const json::value& value) {
    return parse_time(std::string_view(value.as_string())).value_or(Timestamp{});
}

ProcessStatus process_from_json(const json::object& object) {
    return {.role = std::string(object.at("role").as_string()),
            .pid = object.at("pid").to_number<pid_t>(),
            .start_ticks = object.at("start_ticks").to_number<std::uint64_t>(),
            .started_at = time_of(object.at("started_at")),
            .restarts = object.at("restarts").to_number<int>()};
}

json::object limits_json(const Status& status) {
    json::array enforced(status.enforced_limits.begin(), status.enforced_limits.end());
    json::object missing;
    for (const auto& [name, why] : status.missing_limits)
        missing[name] = why;
    return {{"enforced", std::move(enforced)}, {"not_enforced", std::move(missing)}};
}

// An older file has none.
void read_limits(const json::object& object, Status& status) {
    if (!object.contains("limits")) return;
    const auto& limits = object.at("limits").as_object();
    for (const auto& name : limits.at("enforced").as_array())
        status.enforced_limits.emplace_back(name.as_string());
    for (const auto& [name, why] : limits.at("not_enforced").as_object())
        status.missing_limits[std::string(name)] = std::string(why.as_string());
}

}  // namespace

std::string to_json(const Status& status) {
    json::object pids;
    json::array processes;
    for (const auto& process : status.processes) {
        pids[process.role] = process.pid;
        processes.push_back(json::object{{"role", process.role},
                                         {"pid", process.pid},
                                         {"start_ticks", process.start_ticks},
                                         {"started_at", format_rfc3339(process.started_at)},
                                         {"restarts", process.restarts}});
    }
    return json::serialize(json::object{{"state", status.state},
                                        {"url", status.url},
                                        {"run_dir", status.run_dir},
                                        {"started_at", format_rfc3339(status.started_at)},
                                        {"pids", std::move(pids)},
                                        {"limits", limits_json(status)},
                                        {"processes", std::move(processes)}});
}

std::optional<Status> status_from_json(std::string_view text) {
    try {
        auto object = json::parse(text).as_object();
        Status status{.state = std::string(object.at("state").as_string()),
                      .url = std::string(object.at("url").as_string()),
                      .run_dir = std::string(object.at("run_dir").as_string()),
                      .started_at = time_of(object.at("started_at")),
                      .processes = {}};
        for (const auto& process : object.at("processes").as_array())
            status.processes.push_back(process_from_json(process.as_object()));
        read_limits(object, status);
        return status;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

result<> write_status(const std::filesystem::path& file, const Status& status) {
    return write_file_atomically(file, to_json(status) + "\n", 0600);
}

result<Status> read_status(const std::filesystem::path& file) {
    MW_TRY(auto text, read_file(file, kMaxBytes));
    auto status = status_from_json(text);
    if (!status) return fail(Errc::not_found, file.string() + " holds no status");
    return *std::move(status);
}

std::vector<ProcessStatus> still_running(const Status& status) {
    std::vector<ProcessStatus> running;
    for (const auto& process : status.processes)
        if (process::is_running(process.pid, process.start_ticks)) running.push_back(process);
    return running;
}

}  // namespace mw::supervisor
