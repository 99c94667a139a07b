// A test of an environment's connection, as stored and as shown.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::connection_tests {

// The numbers of a run's.
enum class Status { queued = 1, running = 3, success = 10, error = 20 };

struct ConnectionTest {
    Id id = 0;
    Id account_id = 0;
    Id environment_id = 0;
    int status = 1;
    std::string message;
    std::string output;
    Timestamp created_at;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
    // An errand of another kind: schemas to drop, [{"database", "schema"}, …].
    std::optional<std::string> drop_schemas;
};
BOOST_DESCRIBE_STRUCT(ConnectionTest, (),
                      (id, account_id, environment_id, status, message, output, created_at,
                       started_at, finished_at, drop_schemas))

boost::json::object connection_test_json(const ConnectionTest& test);

// What a process found out.
struct Outcome {
    bool ok = false;
    std::string message = {};
    std::string output = {};
};

}  // namespace mw::connection_tests
