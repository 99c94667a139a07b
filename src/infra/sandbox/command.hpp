// What a confined process is to become, once it is inside. Pure data, with its JSON.
//
// Errors: `invalid_argument` names the field.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace mw::sandbox {

struct Command {
    std::filesystem::path folder;   // where it works, as seen from inside
    std::vector<std::string> argv;  // the program's path inside, then its arguments
    std::map<std::string, std::string> environment = {};  // the whole of it
};

boost::json::object to_json(const Command& command);
result<Command> parse_command(const boost::json::value& json);

}  // namespace mw::sandbox
