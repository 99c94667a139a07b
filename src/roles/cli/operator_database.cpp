#include "roles/cli/operator_database.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "features/data_keys/data_key_store.hpp"
#include "infra/process/privileges.hpp"

namespace mw::cli {

result<> become_data_owner(const Layout& layout) {
    struct stat info{};
    if (::stat(layout.data_dir.c_str(), &info) != 0)
        return fail(Errc::not_found,
                    fmt::format("there is no appliance in {} yet: start it with `millwright up`",
                                layout.data_dir.string()));
    if (::geteuid() != 0 || info.st_uid == 0) return {};
    return process::drop_privileges({"", info.st_uid, info.st_gid});
}

result<> with_database(
    const Layout& layout,
    std::function<boost::asio::awaitable<result<>>(pg::Pool&, const crypto::Sealer&)> work) {
    MW_CHECK(become_data_owner(layout));
    MW_TRY(auto master, crypto::MasterKey::load(layout.master_key_file));
    boost::asio::io_context ioc{1};
    pg::Pool pool(ioc.get_executor(), layout.database_conninfo, 2);
    result<> outcome;
    boost::asio::co_spawn(
        ioc,
        [&]() -> boost::asio::awaitable<void> {
            auto sealer = co_await data_keys::load_sealer(pool, master);
            outcome =
                sealer ? co_await work(pool, *sealer) : result<>(std::unexpected(sealer.error()));
        },
        [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    ioc.run();
    if (!outcome && outcome.error().code == Errc::unavailable)
        return fail(Errc::unavailable,
                    fmt::format("the database cannot be reached ({}); is the appliance running?",
                                outcome.error().detail));
    return outcome;
}

}  // namespace mw::cli
