#include "features/operator_api/operator_api.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "base/described_json.hpp"
#include "base/ids.hpp"
#include "base/json_reader.hpp"
#include "features/accounts/account_store.hpp"
#include "features/audit/audit_store.hpp"
#include "features/environments/engine_use_store.hpp"
#include "features/passwords/password_api.hpp"
#include "features/sample/sample_repository.hpp"
#include "features/sample/sample_service.hpp"
#include "features/second_factors/second_factor_store.hpp"
#include "features/sign_on/sign_on_store.hpp"
#include "features/users/user_store.hpp"
#include "infra/cgroup/limits.hpp"
#include "infra/crypto/password.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::operator_api {
namespace {

namespace asio = boost::asio;
template <class T = void>
using Awaitable = asio::awaitable<result<T>>;
using Reply = Awaitable<http::Response>;

constexpr std::uint64_t kBodyBytesMax = 64UL * 1024;

class OperatorApi {
  public:
    explicit OperatorApi(OperatorApiDeps deps) : deps_(deps) {}

    // What is there is kept, but password and token are made anew: they can't be read back.
    Reply sample(http::Request&) {
        std::error_code ignored;
        std::filesystem::create_directories(deps_.layout.data_dir / "warehouse", ignored);
        MW_CO_TRY(auto repository, co_await offload(deps_.blocking, [&layout = deps_.layout] {
                      return sample::make_sample_repository(layout);
                  }));
        auto password = crypto::random_hex(8);
        auto token = crypto::random_token(crypto::kPersonalTokenPrefix);
        sample::SampleSignIn sign_in;
        MW_CO_TRY(sign_in.password_hash, co_await offload(deps_.blocking, [password] {
                      return crypto::hash_password(Secret(password));
                  }));
        sign_in.token_hash = crypto::hash_token(token);
        auto work = [&](pg::Connection& tx) {
            return sample::load_sample(tx, deps_.sealer, deps_.layout, repository, sign_in);
        };
        MW_CO_TRY(auto loaded, co_await pg::with_tx(deps_.pool, work));
        co_return http::Response::private_json(
            200, boost::json::object{{"account_id", loaded.account_id},
                                     {"project_id", *loaded.project_id},
                                     {"environment_id", *loaded.environment_id},
                                     {"email", sample::kEmail},
                                     {"password", password},
                                     {"token", token}});
    }

    Reply limits(http::Request& request) {
        MW_CO_TRY(auto account_id, account_of(request));
        MW_CO_TRY(auto connection, co_await deps_.pool.acquire());
        MW_CO_TRY(auto limits, co_await limits_of(*connection, account_id));
        co_return http::Response::json(200, described_to_json(limits));
    }

    Reply set_limits(http::Request& request) {
        MW_CO_TRY(auto account_id, account_of(request));
        MW_CO_TRY(auto body, parse_json(request.body));
        auto work = [&](pg::Connection& tx) -> Awaitable<accounts::RunLimits> {
            MW_CO_TRY(auto limits, co_await limits_of(tx, account_id));
            MW_CO_CHECK(read_limits(body, limits));
            MW_CO_CHECK(co_await accounts::set_run_limits(tx, account_id, limits));
            MW_CO_CHECK(co_await audit::record_system(tx, account_id, "millwright admin",
                                                      {.event = "account.run_limits_set",
                                                       .subject_type = "account",
                                                       .subject_id = account_id,
                                                       .data = described_to_json(limits)}));
            co_return limits;
        };
        MW_CO_TRY(auto limits, co_await pg::with_tx(deps_.pool, work));
        co_return http::Response::json(200, described_to_json(limits));
    }

    // For whoever nobody else may let in: the only owner, somebody who is in several accounts.
    Reply reset_password(http::Request& request) {
        MW_CO_TRY(auto body, parse_json(request.body));
        std::string email;
        bool remove_second_factor = false, allow_passwords = false;
        JsonReader in(body);
        in.required("email", email, {1, 320});
        in.keep("remove_second_factor", remove_second_factor);
        in.keep("allow_passwords", allow_passwords);
        MW_CO_CHECK(in.finish());
        auto work = [&](pg::Connection& tx) -> Awaitable<passwords::ResetLink> {
            MW_CO_TRY(auto user_id, co_await passwords::find_person(tx, email));
            if (!user_id)
                co_return fail(Errc::not_found,
                               fmt::format("There is no active person {}.", email));
            if (remove_second_factor)
                MW_CO_CHECK(co_await second_factors::delete_second_factor(tx, *user_id));
            if (allow_passwords) MW_CO_CHECK(co_await let_passwords_in(tx, *user_id));
            MW_CO_TRY(auto accounts, co_await users::accounts_of(tx, *user_id));
            for (auto account_id : accounts)
                MW_CO_CHECK(co_await audit::record_system(
                    tx, account_id, "millwright admin",
                    {.event = "user.password_reset_made",
                     .subject_type = "user",
                     .subject_id = *user_id,
                     .data = {{"remove_second_factor", remove_second_factor}}}));
            co_return co_await passwords::make_reset_link(tx, *user_id, deps_.public_url);
        };
        MW_CO_TRY(auto made, co_await pg::with_tx(deps_.pool, work));
        co_return http::Response::private_json(
            200,
            boost::json::object{{"link", made.link}, {"expires_at", format_iso(made.expires_at)}});
    }

    Reply engine_uses(http::Request&) {
        MW_CO_TRY(auto uses, co_await environments::list_engine_uses(deps_.pool));
        boost::json::array list;
        for (const auto& use : uses)
            list.push_back(described_to_json(use));
        co_return http::Response::json(200, list);
    }

  private:
    static result<Id> account_of(const http::Request& request) {
        auto id = parse_id(request.path_params.at("account_id"));
        if (!id) return fail_field("account_id", "must be the id of an account");
        return *id;
    }

    // Where an identity provider alone was wanted, and lets nobody in.
    static Awaitable<> let_passwords_in(pg::Connection& tx, Id user_id) {
        MW_CO_TRY(auto changed, co_await sign_on::allow_passwords(tx, user_id));
        for (auto account_id : changed)
            MW_CO_CHECK(co_await audit::record_system(tx, account_id, "millwright admin",
                                                      {.event = "sign_on.passwords_allowed",
                                                       .subject_type = "account",
                                                       .subject_id = account_id}));
        co_return result<>{};
    }

    static Awaitable<accounts::RunLimits> limits_of(pg::Connection& connection, Id account_id) {
        MW_CO_TRY(auto found, co_await accounts::find_run_limits(connection, account_id));
        if (!found)
            co_return fail(Errc::not_found, fmt::format("There is no account {}.", account_id));
        co_return std::move(*found);
    }

    static result<> read_limits(const boost::json::value& body, accounts::RunLimits& limits) {
        JsonReader in(body);
        auto refuse = [&](std::string_view field, const std::optional<std::string>& problem) {
            if (problem) in.error(field, *problem);
        };
        in.keep("memory_mb", limits.memory_mb);
        refuse("memory_mb", cgroup::problem_with_memory_mb(limits.memory_mb));
        in.keep("cpus", limits.cpus, {0, cgroup::kCpusMost});
        refuse("cpus", cgroup::problem_with_cpus(limits.cpus));
        in.keep("processes", limits.processes);
        refuse("processes", cgroup::problem_with_processes(limits.processes));
        return in.finish();
    }

    OperatorApiDeps deps_;
};

}  // namespace

void add_operator_endpoints(http::Router& router, OperatorApiDeps deps) {
    auto api = std::make_shared<OperatorApi>(deps);
    auto add = [&](std::string method, std::string path,
                   Reply (OperatorApi::*handle)(http::Request&)) {
        router.add(std::move(method), "/operator/v1/" + path,
                   [api, handle](http::Request& request) { return (*api.*handle)(request); },
                   {.max_bytes = kBodyBytesMax});
    };
    add("POST", "sample/", &OperatorApi::sample);
    add("GET", "accounts/{account_id}/run-limits/", &OperatorApi::limits);
    add("POST", "accounts/{account_id}/run-limits/", &OperatorApi::set_limits);
    add("GET", "engine-uses/", &OperatorApi::engine_uses);
    add("POST", "password-resets/", &OperatorApi::reset_password);
}

}  // namespace mw::operator_api
