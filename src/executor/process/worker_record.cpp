#include "executor/process/worker_record.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <fstream>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"

namespace mw::executor {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t kRecordMaxBytes = 4096;

std::string serialize(const WorkerRecord& record) {
    return json::serialize(json::object{
        {"kind", kind_name(record.work.kind)},
        {"id", record.work.id},
        {"token_hash", record.token_hash},
        {"pid", record.pid},
        {"start_ticks", record.start_ticks},
        {"boot_id", record.boot_id},
        {"started_at", format_rfc3339(record.started_at)},
    });
}

Kind parse_kind(std::string_view name) {
    for (auto kind : {Kind::run, Kind::develop, Kind::connection_test})
        if (kind_name(kind) == name) return kind;
    throw std::invalid_argument("no such kind of work");
}

// Throws when the text is no record.
WorkerRecord parse(const std::string& text) {
    auto object = json::parse(text).as_object();
    auto text_of = [&](const char* key) { return std::string(object.at(key).as_string()); };
    return {.work = {parse_kind(text_of("kind")), object.at("id").to_number<Id>()},
            .token_hash = text_of("token_hash"),
            .pid = object.at("pid").to_number<pid_t>(),
            .start_ticks = object.at("start_ticks").to_number<std::uint64_t>(),
            .boot_id = text_of("boot_id"),
            .started_at = parse_time(text_of("started_at")).value()};
}

}  // namespace

std::string current_boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    file >> id;
    return id;
}

result<> WorkerRecords::write(const WorkerRecord& record) const {
    std::error_code error;
    fs::create_directories(folder_, error);
    auto path = folder_ / (to_string(record.work) + ".json");
    auto draft = fs::path(path.string() + ".new");
    auto refuse = [&] {
        return fail(file_error(errno, "the worker's record cannot be written", path));
    };
    // Without fsync: only a process's death must not lose it, a power cut ends the worker too.
    UniqueFd file(
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file || !write_all(file.get(), serialize(record))) return refuse();
    if (::rename(draft.c_str(), path.c_str()) != 0) return refuse();
    return {};
}

void WorkerRecords::remove(const WorkId& work) const {
    std::error_code ignored;
    fs::remove(folder_ / (to_string(work) + ".json"), ignored);
}

std::vector<WorkerRecord> WorkerRecords::read_all() const {
    std::vector<WorkerRecord> records;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        auto text = read_file(entry.path(), kRecordMaxBytes);
        try {
            if (entry.path().extension() == ".json" && text) {
                records.push_back(parse(*text));
                continue;
            }
        } catch (const std::exception& broken) {
            log::warn("a worker's record is unreadable and is dropped",
                      {{"file", entry.path().string()}, {"error", broken.what()}});
        }
        std::error_code ignored;
        fs::remove(entry.path(), ignored);
    }
    return records;
}

}  // namespace mw::executor
