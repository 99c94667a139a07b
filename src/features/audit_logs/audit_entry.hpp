// An entry of the audit log, as stored and as clients see it.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::audit_logs {

struct AuditEntry {
    Id id = 0;
    Id account_id = 0;
    std::string actor_type;
    std::optional<Id> actor_id;
    std::string actor_name;
    std::optional<std::string> actor_ip;
    std::string event;
    std::string subject_type;
    std::optional<Id> subject_id;
    boost::json::object internal_data;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(AuditEntry, (),
                      (id, account_id, actor_type, actor_id, actor_name, actor_ip, event,
                       subject_type, subject_id, internal_data, created_at))

boost::json::object audit_entry_json(const AuditEntry& entry);

// One line of the export, RFC 4180; no cell begins as a formula does.
std::string csv_head();
std::string csv_line(const AuditEntry& entry);

}  // namespace mw::audit_logs
