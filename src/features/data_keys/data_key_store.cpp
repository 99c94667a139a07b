#include "features/data_keys/data_key_store.hpp"

namespace mw::data_keys {
namespace {

const pg::Query kList{"data_keys.list", "SELECT wrapped_key FROM data_keys ORDER BY id DESC"};
// Of two processes at once one inserts, and both read the same row afterwards.
const pg::Query kInsertFirst{
    "data_keys.insert_first",
    "INSERT INTO data_keys (id, wrapped_key) VALUES (1, $1::bytea) ON CONFLICT (id) DO NOTHING"};

}  // namespace

boost::asio::awaitable<result<crypto::Sealer>> load_sealer(pg::Pool& pool,
                                                           const crypto::MasterKey& master) {
    MW_CO_TRY(auto rows, co_await pool.run(kList));
    if (rows.empty()) {
        auto wrapped = pg::Bytes{master.wrap_data_key(crypto::DataKey::generate())};
        MW_CO_CHECK(co_await pool.run(kInsertFirst, wrapped));
        MW_CO_TRY(rows, co_await pool.run(kList));
    }
    std::vector<crypto::DataKey> keys;
    for (const auto& wrapped : rows.column<pg::Bytes>("wrapped_key")) {
        MW_CO_TRY(auto key, master.unwrap_data_key(wrapped.data));
        keys.push_back(std::move(key));
    }
    auto current = std::move(keys.front());
    keys.erase(keys.begin());
    co_return crypto::Sealer(std::move(current), std::move(keys));
}

}  // namespace mw::data_keys
