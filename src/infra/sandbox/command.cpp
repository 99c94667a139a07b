#include "infra/sandbox/command.hpp"

#include <boost/json/array.hpp>

namespace mw::sandbox {
namespace {

namespace json = boost::json;

result<> read_argv(const json::object& object, Command& command) {
    const auto* argv = object.if_contains("argv");
    if (!argv || !argv->is_array() || argv->get_array().empty())
        return fail_field("argv", "must be a list with a program");
    for (const auto& word : argv->get_array()) {
        if (!word.is_string()) return fail_field("argv", "must hold strings");
        command.argv.emplace_back(word.get_string());
    }
    return {};
}

result<> read_environment(const json::object& object, Command& command) {
    const auto* environment = object.if_contains("environment");
    if (!environment || !environment->is_object())
        return fail_field("environment", "must be an object");
    for (const auto& [name, value] : environment->get_object()) {
        if (!value.is_string()) return fail_field("environment", "must hold strings");
        command.environment.emplace(name, value.get_string());
    }
    return {};
}

}  // namespace

json::object to_json(const Command& command) {
    json::array argv;
    for (const auto& word : command.argv)
        argv.push_back(json::string(word));
    json::object environment;
    for (const auto& [name, value] : command.environment)
        environment[name] = value;
    return {{"folder", command.folder.string()},
            {"argv", std::move(argv)},
            {"environment", std::move(environment)}};
}

result<Command> parse_command(const json::value& value) {
    if (!value.is_object()) return fail(Errc::invalid_argument, "a command is an object");
    const auto& object = value.get_object();
    Command command;
    const auto* folder = object.if_contains("folder");
    if (!folder || !folder->is_string()) return fail_field("folder", "must be a string");
    command.folder = std::string(folder->get_string());
    MW_CHECK(read_argv(object, command));
    MW_CHECK(read_environment(object, command));
    return command;
}

}  // namespace mw::sandbox
