#include "features/audit_logs/audit_entry.hpp"

#include <boost/json/serialize.hpp>

#include "base/described_json.hpp"

namespace mw::audit_logs {
namespace {

std::string cell(std::string text) {
    // A spreadsheet would run what begins so.
    if (!text.empty() && std::string_view("=+-@\t\r").contains(text.front())) text.insert(0, "'");
    std::string quoted = "\"";
    for (char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

}  // namespace

boost::json::object audit_entry_json(const AuditEntry& entry) {
    return {{"id", std::to_string(entry.id)},
            {"account_id", entry.account_id},
            {"source", "CODE_EVENT"},
            {"service", "MILLWRIGHT"},
            {"actor",
             {{"type", entry.actor_type},
              {"actor_type", entry.actor_type},
              {"id", member_to_json(entry.actor_id)},
              {"actor_name", entry.actor_name},
              {"actor_ip", member_to_json(entry.actor_ip)}}},
            {"event_type", entry.event},
            {"event_label", entry.event},
            {"event_context",
             {{"subject_type", entry.subject_type},
              {"subject_id", member_to_json(entry.subject_id)},
              {"data", entry.internal_data}}},
            {"created_at", format_iso(entry.created_at)}};
}

std::string csv_head() {
    return "id,created_at,event,actor_type,actor_id,actor_name,actor_ip,subject_type,subject_id,"
           "data\r\n";
}

std::string csv_line(const AuditEntry& entry) {
    auto id = [](const std::optional<Id>& value) {
        return value ? std::to_string(*value) : std::string();
    };
    std::string line = std::to_string(entry.id);
    for (const auto& text :
         {format_iso(entry.created_at), entry.event, entry.actor_type, id(entry.actor_id),
          entry.actor_name, entry.actor_ip.value_or(""), entry.subject_type, id(entry.subject_id),
          boost::json::serialize(entry.internal_data)})
        line += "," + cell(text);
    return line + "\r\n";
}

}  // namespace mw::audit_logs
