#include "features/discovery/performance_fields.hpp"

#include <fmt/format.h>

#include <map>

#include "base/json_text.hpp"
#include "features/history/performance_store.hpp"

namespace mw::discovery {
namespace {

using graphql::Asked;
using history::ModelOrder;
using history::ModelTotals;

constexpr int kModelsMost = 100;
constexpr int kExecutionsMost = 10'000;

// Whole days, the last one, too.
result<history::TimeSpan> days_of(const json::object& arguments, const char* first,
                                  const char* last) {
    auto day = [&](const char* name) -> result<Timestamp> {
        auto at = parse_time(text_of(arguments, name).substr(0, 10) + "T00:00:00Z");
        if (at) return *at;
        return fail(Errc::invalid_argument,
                    fmt::format("\"{}\" must be a day such as 2024-05-27.", name));
    };
    history::TimeSpan span;
    MW_TRY(span.from, day(first));
    MW_TRY(span.until, day(last));
    span.until += std::chrono::days(1);
    if (span.from >= span.until)
        return fail(Errc::invalid_argument,
                    fmt::format("\"{}\" must not be after \"{}\".", first, last));
    return span;
}

result<int> limit_of(const json::object& arguments, const char* name) {
    const auto* given = arguments.if_contains(name);
    auto limit = given && given->is_number() ? given->to_number<int>() : 5;
    if (limit >= 1 && limit <= kModelsMost) return limit;
    return fail(Errc::invalid_argument,
                fmt::format("\"{}\" must be from 1 to {}.", name, kModelsMost));
}

// Each model with its jobs under "byJob".
json::array models_of(const std::vector<ModelTotals>& totals) {
    json::array models;
    for (const auto& each : totals) {
        json::object shown{{"totalExecutions", each.executions},
                           {"totalFailedExecutions", each.failures},
                           {"failurePercentage", 100.0 * static_cast<double>(each.failures) /
                                                     static_cast<double>(each.executions)},
                           {"maxExecutionTime", each.longest},
                           {"averageExecutionTime", each.average}};
        if (each.job_id != 0) {
            shown["jobId"] = each.job_id;
            models.back().at("byJob").as_array().push_back(std::move(shown));
            continue;
        }
        shown["uniqueId"] = each.unique_id;
        shown["byJob"] = json::array{};
        models.push_back(std::move(shown));
    }
    return models;
}

ModelOrder order_of(const json::object& arguments) {
    return text_of(arguments, "orderBy") == "AVG" ? ModelOrder::average : ModelOrder::longest;
}

graphql::Resolver ranked(ModelOrder by) {
    return [by](const Asked& asked) -> Answer {
        auto& lookup = dynamic_cast<Lookup&>(asked.context);
        MW_CO_TRY(auto span, days_of(asked.arguments, "start", "end"));
        history::ModelChoice choice{.by =
                                        by == ModelOrder::longest ? order_of(asked.arguments) : by};
        if (const auto* job = asked.arguments.if_contains("jobId"); job && job->is_number())
            choice.job_id = job->to_number<Id>();
        MW_CO_TRY(choice.models, limit_of(asked.arguments, "limit"));
        MW_CO_TRY(choice.jobs, limit_of(asked.arguments, "jobLimit"));
        MW_CO_TRY(auto connection, co_await lookup.connection());
        MW_CO_TRY(auto totals, co_await history::list_model_totals(
                                   *connection, environment_of(asked.parent), span, choice));
        co_return models_of(totals);
    };
}

Answer most_test_failed(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto span, days_of(asked.arguments, "start", "end"));
    MW_CO_TRY(auto limit, limit_of(asked.arguments, "limit"));
    MW_CO_TRY(auto connection, co_await lookup.connection());
    MW_CO_TRY(auto models, co_await history::list_tested_models(
                               *connection, environment_of(asked.parent), span, limit));
    json::array shown;
    for (const auto& model : models)
        shown.push_back({{"uniqueId", model.unique_id},
                         {"failurePercentage", 100.0 * static_cast<double>(model.failed_runs) /
                                                   static_cast<double>(model.runs)},
                         {"totalRunsWithTests", model.runs},
                         {"totalRunsWithTestFailures", model.failed_runs}});
    co_return shown;
}

Answer job_information(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto span, days_of(asked.arguments, "start", "end"));
    MW_CO_TRY(auto connection, co_await lookup.connection());
    MW_CO_TRY(auto jobs,
              co_await history::list_jobs_of_node(*connection, environment_of(asked.parent),
                                                  text_of(asked.arguments, "uniqueId"), span));
    json::array shown;
    for (const auto& job : jobs)
        shown.push_back({{"jobId", job.job_id}, {"name", job.name}});
    co_return shown;
}

json::array times_of(const std::vector<const history::NodeRun*>& runs) {
    json::array times;
    for (const auto* run : runs)
        times.push_back(json::value(run->execution_time.value_or(0)));
    return times;
}

double mean_of(const std::vector<const history::NodeRun*>& runs) {
    double sum = 0;
    for (const auto* run : runs)
        sum += run->execution_time.value_or(0);
    return runs.empty() ? 0 : sum / static_cast<double>(runs.size());
}

json::object execution_of(const history::NodeRun& run, const std::string& adapter) {
    return {{"runId", run.run_id},
            {"runStartedAt", format_rfc3339(run.generated_at)},
            {"executionTime", run.execution_time.value_or(0)},
            {"status", run.status},
            {"isFullRefresh", run.full_refresh},
            {"executionStartedAt", run.execute_started_at
                                       ? json::value(format_rfc3339(*run.execute_started_at))
                                       : json::value(nullptr)},
            {"adapter", adapter},
            {"queryId", nullptr}};
}

json::object day_of(const std::string& date, const std::vector<const history::NodeRun*>& runs,
                    const std::string& adapter) {
    std::map<Id, std::vector<const history::NodeRun*>> by_job;
    for (const auto* run : runs)
        by_job[run->job_id].push_back(run);
    json::array jobs;
    for (const auto& [job_id, own] : by_job) {
        json::array executions;
        for (const auto* run : own)
            executions.push_back(execution_of(*run, adapter));
        jobs.push_back({{"jobId", job_id},
                        {"meanExecutionTime", mean_of(own)},
                        {"executionTimes", times_of(own)},
                        {"executions", std::move(executions)}});
    }
    return {{"date", date},
            {"meanExecutionTime", mean_of(runs)},
            {"executionTimes", times_of(runs)},
            {"executionsByJob", std::move(jobs)}};
}

Answer execution_history(const Asked& asked) {
    auto& lookup = dynamic_cast<Lookup&>(asked.context);
    MW_CO_TRY(auto span, days_of(asked.arguments, "startDate", "endDate"));
    MW_CO_TRY(auto environment, co_await lookup.environment(environment_of(asked.parent)));
    MW_CO_TRY(auto connection, co_await lookup.connection());
    MW_CO_TRY(auto runs, co_await history::list_node_runs(*connection, environment.environment_id,
                                                          text_of(asked.arguments, "uniqueId"),
                                                          span, kExecutionsMost));
    std::map<std::string, std::vector<const history::NodeRun*>> days;
    for (const auto& run : runs)
        if (run.status != "skipped")
            days[format_rfc3339(run.generated_at).substr(0, 10)].push_back(&run);
    json::array shown;
    for (const auto& [date, own] : days)
        shown.push_back(day_of(date, own, environment.adapter_type));
    co_return shown;
}

void add_execution_history(graphql::Schema& schema) {
    schema.object("ModelExecution")
        .field("runId", "BigInt!")
        .field("runStartedAt", "DateTime")
        .field("executionTime", "Float")
        .field("status", "String")
        .field("isFullRefresh", "Boolean")
        .field("executionStartedAt", "DateTime")
        .field("adapter", "String")
        .field("queryId", "String");
    schema.object("JobExecutions")
        .field("jobId", "BigInt!")
        .field("meanExecutionTime", "Float")
        .field("executionTimes", "[Float!]!")
        .field("executions", "[ModelExecution!]!");
    schema.object("ModelExecutionDay")
        .field("date", "Date!")
        .field("meanExecutionTime", "Float")
        .field("executionTimes", "[Float!]!")
        .field("executionsByJob", "[JobExecutions!]!");
}

void add_rankings(graphql::Schema& schema) {
    schema.enumeration("SortAggregation").values({"AVG", "MAX"});
    schema.object("JobTotals")
        .field("jobId", "BigInt!")
        .field("totalExecutions", "Int!")
        .field("totalFailedExecutions", "Int!")
        .field("maxExecutionTime", "Float!")
        .field("averageExecutionTime", "Float!");
    schema.object("ModelTotals")
        .field("uniqueId", "String!")
        .field("totalExecutions", "Int!")
        .field("totalFailedExecutions", "Int!")
        .field("failurePercentage", "Float!")
        .field("maxExecutionTime", "Float!")
        .field("averageExecutionTime", "Float!")
        .field("byJob", "[JobTotals!]!");
    schema.object("TestedModel")
        .field("uniqueId", "String!")
        .field("failurePercentage", "Float!")
        .field("totalRunsWithTests", "Int!")
        .field("totalRunsWithTestFailures", "Int!");
    schema.object("JobName").field("jobId", "BigInt!").field("name", "String");
}

graphql::NamedType& with_days(graphql::NamedType& type) {
    return type.argument("start", "Date!").argument("end", "Date!").argument("limit", "Int", 5);
}

}  // namespace

void add_performance_types(graphql::Schema& schema) {
    add_execution_history(schema);
    add_rankings(schema);
    auto& type = schema.object("Performance").field("environmentId", "BigInt!");
    with_days(type.field("mostExecutedModels", "[ModelTotals!]!"))
        .argument("jobLimit", "Int", 5)
        .resolve(ranked(ModelOrder::executions));
    with_days(type.field("longestExecutedModels", "[ModelTotals!]!"))
        .argument("jobLimit", "Int", 5)
        .argument("jobId", "BigInt")
        .argument("orderBy", "SortAggregation", "MAX")
        .resolve(ranked(ModelOrder::longest));
    with_days(type.field("mostExecutionFailedModels", "[ModelTotals!]!"))
        .resolve(ranked(ModelOrder::failures));
    with_days(type.field("mostTestFailedModels", "[TestedModel!]!")).resolve(most_test_failed);
    type.field("jobInformation", "[JobName!]!")
        .argument("start", "Date!")
        .argument("end", "Date!")
        .argument("uniqueId", "String!")
        .resolve(job_information);
    type.field("modelExecutionHistory", "[ModelExecutionDay!]!")
        .argument("startDate", "Date!")
        .argument("endDate", "Date!")
        .argument("uniqueId", "String!")
        .resolve(execution_history);
}

}  // namespace mw::discovery
