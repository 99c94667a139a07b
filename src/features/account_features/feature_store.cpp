#include "features/account_features/feature_store.hpp"

#include <algorithm>

#include "features/account_features/feature_list.hpp"

namespace mw::account_features {
namespace {

const pg::Query kFind{"account_features.find",
                      "SELECT feature, value FROM account_features WHERE account_id = $1"};

const pg::Query kSet{"account_features.set", R"(
INSERT INTO account_features (account_id, feature, value) VALUES ($1, $2, $3)
ON CONFLICT (account_id, feature) DO UPDATE SET value = excluded.value)"};

}  // namespace

boost::asio::awaitable<result<std::map<std::string, bool>>> find_features(
    pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id));
    std::map<std::string, bool> features;
    for (int row = 0; row < rows.size(); ++row)
        features[rows.get<std::string>(row, "feature")] = rows.get<bool>(row, "value");
    co_return features;
}

boost::asio::awaitable<result<bool>> has_feature(pg::Connection& connection, Id account_id,
                                                 std::string name) {
    MW_CO_TRY(auto features, co_await find_features(connection, account_id));
    if (auto set = features.find(name); set != features.end()) co_return set->second;
    const auto* feature = std::ranges::find(kFeatures, std::string_view(name), &Feature::name);
    co_return feature != kFeatures.end() && feature->by_default;
}

boost::asio::awaitable<result<>> set_feature(pg::Connection& tx, Id account_id, std::string name,
                                             bool value) {
    MW_CO_CHECK(co_await tx.run(kSet, account_id, name, value));
    co_return result<>{};
}

}  // namespace mw::account_features
