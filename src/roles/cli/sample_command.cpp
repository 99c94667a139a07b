#include "roles/cli/sample_command.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cstdio>

#include "features/sample/sample_repository.hpp"
#include "features/sample/sample_service.hpp"
#include "infra/crypto/password.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"
#include "roles/cli/operator_database.hpp"

namespace mw::cli {
namespace {

namespace asio = boost::asio;

void print(const sample::LoadedSample& loaded, std::string_view password, std::string_view token) {
    boost::json::object json{{"account_id", loaded.account_id},
                             {"project_id", *loaded.project_id},
                             {"environment_id", *loaded.environment_id},
                             {"email", sample::kEmail},
                             {"password", password},
                             {"token", token}};
    fmt::print("{}\n", boost::json::serialize(json));
}

result<> load_and_print(const Layout& layout) {
    MW_CHECK(become_data_owner(layout));
    MW_TRY(auto repository, sample::make_sample_repository(layout));
    std::error_code ignored;
    std::filesystem::create_directories(layout.data_dir / "warehouse", ignored);
    auto password = crypto::random_hex(8);
    auto token = crypto::random_token(crypto::kPersonalTokenPrefix);
    sample::SampleSignIn sign_in;
    MW_TRY(sign_in.password_hash, crypto::hash_password(Secret(password)));
    sign_in.token_hash = crypto::hash_token(token);
    return with_database(
        layout, [&](pg::Pool& pool, const crypto::Sealer& sealer) -> asio::awaitable<result<>> {
            auto body = [&](pg::Connection& connection) {
                return sample::load_sample(connection, sealer, layout, repository, sign_in);
            };
            MW_CO_TRY(auto loaded, co_await pg::with_tx(pool, body));
            print(loaded, password, token);
            co_return result<>{};
        });
}

}  // namespace

int load_sample(const Layout& layout) {
    auto loaded = load_and_print(layout);
    if (loaded) return 0;
    fmt::print(stderr, "millwright: {}\n", loaded.error().message);
    return 1;
}

}  // namespace mw::cli
