#include "features/jobs/completion.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "features/jobs/job_store.hpp"

namespace mw::jobs {
namespace {

constexpr auto kField = "job_completion_trigger_condition";

result<Id> id_in(const boost::json::object& condition, std::string_view name) {
    const auto* given = condition.if_contains(name);
    if (!given || !given->is_int64() || given->get_int64() < 1)
        return fail_field(kField, fmt::format("condition.{} must be an id", name));
    return given->get_int64();
}

result<std::vector<int>> statuses_in(const boost::json::object& condition) {
    std::vector<int> statuses;
    const auto* given = condition.if_contains("statuses");
    if (given && given->is_array())
        for (const auto& item : given->get_array()) {
            if (!item.is_int64() ||
                (item.get_int64() != 10 && item.get_int64() != 20 && item.get_int64() != 30))
                return fail_field(kField, "condition.statuses may hold 10, 20 and 30");
            statuses.push_back(static_cast<int>(item.get_int64()));
        }
    if (statuses.empty())
        return fail_field(kField, "condition.statuses must be a list of some of 10, 20 and 30");
    return statuses;
}

}  // namespace

result<Completion> parse_completion(const boost::json::value& condition) {
    const auto* outer = condition.if_object();
    const auto* given = outer ? outer->if_contains("condition") : nullptr;
    if (!given || !given->is_object())
        return fail_field(kField, "must be null, or an object with \"condition\", an object");
    const auto& inner = given->get_object();
    Completion completion;
    MW_TRY(completion.job_id, id_in(inner, "job_id"));
    if (const auto* project = inner.if_contains("project_id"); project && !project->is_null()) {
        MW_TRY(completion.project_id, id_in(inner, "project_id"));
    }
    MW_TRY(completion.statuses, statuses_in(inner));
    return completion;
}

boost::json::object completion_json(const Completion& completion) {
    boost::json::array statuses(completion.statuses.begin(), completion.statuses.end());
    boost::json::object condition{
        {"job_id", completion.job_id}, {"project_id", nullptr}, {"statuses", std::move(statuses)}};
    if (completion.project_id) condition["project_id"] = *completion.project_id;
    return {{"condition", std::move(condition)}};
}

asio::awaitable<result<>> check_completion(pg::Connection& tx, Id account_id, Id own_id,
                                           const Completion& completion) {
    MW_CO_CHECK(co_await lock_completions(tx, account_id));
    MW_CO_TRY(auto before, co_await find_job(tx, account_id, completion.job_id));
    if (!before || before->state != 1)
        co_return fail_field(kField,
                             fmt::format("there is no job {} in this account", completion.job_id));
    if (completion.project_id && before->project_id != *completion.project_id)
        co_return fail_field(
            kField, fmt::format("job {} is in project {}", completion.job_id, before->project_id));
    if (own_id == 0) co_return result<>{};
    MW_CO_TRY(auto chain, co_await chain_before(tx, account_id, completion.job_id));
    std::string names;
    for (const auto& link : chain) {
        names += fmt::format("{}{}", names.empty() ? "" : ", which waits for ", link.name);
        if (link.id == own_id)
            co_return fail_field(
                kField, own_id == completion.job_id
                            ? std::string("a job can't wait for itself")
                            : fmt::format("they would start each other forever: {}", names));
    }
    co_return result<>{};
}

}  // namespace mw::jobs
