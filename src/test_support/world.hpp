// For tests: a database with accounts, jobs and runs in whatever state a test begins with.
#pragma once

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"
#include "test_support/run_on.hpp"
#include "test_support/test_database.hpp"

namespace mw::test {

class World {
  public:
    // Runs a coroutine that gives a value, or a lambda that is one, to its end.
    template <class Work>
    auto run(Work work) {
        return run_on(ioc_, std::move(work));
    }
    // The same for one that can't fail in a test.
    template <class Work>
    auto get(Work work) {
        auto outcome = run(std::move(work));
        if (!outcome) throw std::runtime_error(outcome.error().message + outcome.error().detail);
        if constexpr (!std::is_void_v<typename decltype(outcome)::value_type>)
            return std::move(*outcome);
    }

    template <class... Args>
    pg::Rows sql(std::string text, const Args&... args) {
        std::vector<pg::Param> params{pg::to_param(args)...};
        return get([&]() -> boost::asio::awaitable<result<pg::Rows>> {
            MW_CO_TRY(auto connection, co_await pool_.acquire());
            co_return co_await connection->run_text("test", std::move(text), std::move(params));
        });
    }
    template <class T, class... Args>
    T value(std::string text, const Args&... args) {
        return sql(std::move(text), args...).template get<T>(0, "v");
    }

    Id account(int run_slots = 5) {
        auto id = value<Id>(
            "INSERT INTO accounts (name, identifier, run_slots, queue_limit, "
            "run_duration_limit_seconds) VALUES ('a', $1, $2, 10000, 86400) RETURNING id AS v",
            fmt::format("act_{}", ++count_), run_slots);
        return id;
    }
    // In a project and an environment of its own.
    Id job(Id account_id) {
        auto project =
            value<Id>("INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v",
                      account_id);
        auto environment = value<Id>(
            "INSERT INTO environments (account_id, project_id, name) VALUES ($1, $2, 'e') "
            "RETURNING id AS v",
            account_id, project);
        return value<Id>(
            "INSERT INTO jobs (account_id, project_id, environment_id, name, execute_steps) "
            "VALUES ($1, $2, $3, 'j', '{dbt build}') RETURNING id AS v",
            account_id, project, environment);
    }
    Id queued_run(Id job_id, bool is_ci = false, bool is_scheduled = false, int timeout = 0) {
        return value<Id>(
            "INSERT INTO runs (account_id, project_id, environment_id, job_id, trigger, "
            "dbt_version, is_ci, is_scheduled) SELECT account_id, project_id, environment_id, id, "
            "jsonb_build_object('plan', jsonb_build_object('timeout_seconds', $4::integer)), "
            "'latest', $2, $3 FROM jobs WHERE id = $1 RETURNING id AS v",
            job_id, is_ci, is_scheduled, timeout);
    }
    int status(Id run_id) {
        return value<int>("SELECT status AS v FROM runs WHERE id = $1", run_id);
    }
    std::string message(Id run_id) {
        return value<std::string>(
            "SELECT coalesce(status_message, '') AS v FROM runs WHERE id = $1", run_id);
    }

    pg::Pool& pool() { return pool_; }
    // One with connections of its own, as another process has.
    pg::Pool& another_pool(std::size_t size = 1) {
        others_.push_back(std::make_unique<pg::Pool>(ioc_.get_executor(), conninfo_, size));
        return *others_.back();
    }
    boost::asio::io_context& ioc() { return ioc_; }

  private:
    std::string conninfo_ = test_database();
    boost::asio::io_context ioc_{1};
    pg::Pool pool_{ioc_.get_executor(), conninfo_, 4};
    std::vector<std::unique_ptr<pg::Pool>> others_;
    int count_ = 0;
};

inline Timestamp at(std::string_view text) {
    return parse_time(text).value();
}

}  // namespace mw::test
