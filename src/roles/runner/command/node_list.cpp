#include "roles/runner/command/node_list.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "base/json_text.hpp"
#include "roles/runner/command/invoke.hpp"
#include "roles/runner/command/node_tracker.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr auto kOfHowItSpeaks = std::to_array<std::string_view>(
    {"LOG_FORMAT", "LOG_FORMAT_FILE", "LOG_LEVEL", "LOG_LEVEL_FILE", "QUIET", "PRINT", "NO_PRINT",
     "DEBUG", "WARN_ERROR", "WARN_ERROR_OPTIONS", "FAIL_FAST", "PROJECT_DIR", "RESOURCE_TYPES",
     "EXCLUDE_RESOURCE_TYPES", "EMPTY", "SAMPLE", "OUTPUT", "OUTPUT_KEYS"});

std::optional<ListedNode> read_node(std::string_view line) {
    if (!line.starts_with('{')) return std::nullopt;
    json::error_code error;
    auto value = json::parse(line, error);
    if (error || !value.is_object()) return std::nullopt;
    const auto& node = value.get_object();
    ListedNode listed{.unique_id = text_of(node, "unique_id"),
                      .package_name = text_of(node, "package_name"),
                      .original_file_path = text_of(node, "original_file_path")};
    if (listed.unique_id.empty()) return std::nullopt;
    return listed;
}

}  // namespace

asio::awaitable<void> QuietListener::on_event(dbt::Event event) {
    if (!take_(event.message)) {
        bool matters = event.console;
        if (matters && event.level == dbt::Level::error)
            log_.error(event.message);
        else if (matters && event.level == dbt::Level::warn)
            log_.warn(event.message);
        else
            log_.debug(event.message);
    }
    co_await log_.shipper().room();
}

asio::awaitable<void> QuietListener::on_output(std::string text) {
    if (!take_(text)) log_.debug(text);
    co_await log_.shipper().room();
}

// None are asked for, and none are kept.
asio::awaitable<void> QuietListener::on_rows(dbt::Rows) {
    co_return;
}

EnvironmentMap plain_environment(EnvironmentMap environment) {
    for (auto name : kOfHowItSpeaks)
        for (const char* prefix : {"DBT_", "DBT_ENGINE_"})
            environment.erase(prefix + std::string(name));
    environment["DBT_LOG_LEVEL_FILE"] = "none";
    environment["DBT_USE_COLORS"] = "false";
    return environment;
}

asio::awaitable<result<std::vector<ListedNode>>> list_models(
    EngineSession& engine, StepLog log, Stop& stop, const DeferredState& deferred,
    std::string flags, EnvironmentMap environment, std::filesystem::path seen_project) {
    MW_CO_TRY(auto command, dbt::parse_command("dbt ls " + flags));
    environment = plain_environment(std::move(environment));
    deferred.add_to(command, environment);
    for (const char* word : {"--resource-type", "model", "--output", "json", "--output-keys",
                             "unique_id", "package_name", "original_file_path"})
        command.argv.emplace_back(word);
    // dbt 1.7 takes it before the subcommand alone.
    command.argv.insert(command.argv.begin(), {"--log-format", "text"});
    log.info("dbt " + dbt::to_text(command.argv));
    std::vector<ListedNode> nodes;
    QuietListener listener(log, [&](std::string_view line) {
        auto node = read_node(line);
        if (node && node->unique_id.starts_with("model.")) nodes.push_back(std::move(*node));
        return node.has_value();
    });
    auto exit = co_await invoke_until_stopped(
        engine, stop, {command.argv, environment, seen_project, true}, listener);
    if (stop.requested()) co_return fail(Errc::cancelled, stop.message());
    if (!exit) co_return fail(std::move(exit).error());
    if (exit->exit_code == 0 && !exit->signal) co_return nodes;
    auto why = first_words(exit->error.value_or(""));
    co_return fail(Errc::upstream_failed,
                   why.empty() ? std::string("dbt could not list the models.") : why);
}

}  // namespace mw::runner
