#include "test_support/test_database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "infra/pg/connection.hpp"
#include "infra/pg/migrate.hpp"
#include "infra/pg_server/cluster.hpp"
#include "infra/process/run_command.hpp"

namespace mw::test {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* kFolderPrefix = "millwright-pgtest-";
constexpr const char* kTemplate = "millwright_template";
constexpr auto kStartLimit = 60s;

template <class T>
T expect(result<T> outcome, const char* what) {
    if (!outcome)
        throw std::runtime_error(fmt::format("test database: {}: {} {}", what,
                                             outcome.error().message, outcome.error().detail));
    if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

const passwd* unprivileged_entry() {
    if (::geteuid() != 0) return ::getpwuid(::geteuid());
    for (const char* name : {"millwright", "postgres", "nobody"})
        if (const passwd* entry = ::getpwnam(name)) return entry;
    throw std::runtime_error("no unprivileged user to run PostgreSQL as");
}

// Folders of test programs that were killed.
void sweep_old_folders(const fs::path& parent) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(parent, error)) {
        auto name = entry.path().filename().string();
        if (!name.starts_with(kFolderPrefix)) continue;
        pid_t pid = 0;
        const char* digits = name.data() + std::string_view(kFolderPrefix).size();
        std::from_chars(digits, name.data() + name.size(), pid);
        if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), error);
    }
}

fs::path make_folder(const std::optional<process::Identity>& owner) {
    auto parent = fs::temp_directory_path();
    sweep_old_folders(parent);
    auto folder = (parent / fmt::format("{}{}-XXXXXX", kFolderPrefix, ::getpid())).string();
    if (!::mkdtemp(folder.data())) throw std::runtime_error("no temporary folder");
    if (owner && ::chown(folder.c_str(), owner->uid, owner->gid) != 0)
        throw std::runtime_error("the temporary folder cannot be given away");
    return folder;
}

class TestServer {
    // Defined first: its return type is deduced.
    // Runs a coroutine to its end; the io_context is used by one at a time.
    template <class Awaitable>
    auto wait(Awaitable work) {
        ioc_.restart();
        auto outcome = asio::co_spawn(ioc_, std::move(work), asio::use_future);
        ioc_.run();
        return outcome.get();
    }

  public:
    TestServer() {
        auto identity = unprivileged_identity();
        folder_ = make_folder(identity);
        cluster_ = {.programs = MILLWRIGHT_TEST_POSTGRES_BIN,
                    .data_dir = folder_ / "data",
                    .socket_dir = folder_,
                    .superuser = "millwright",
                    .local_auth = "trust",
                    .durable = false,
                    .identity = identity};
        expect(wait(pg_server::create_cluster(cluster_)), "initdb");
        expect(pg_server::write_server_config(cluster_), "configuration");
        start();
        create_database(kTemplate, "");
        auto migrations = expect(pg::load_migrations(MILLWRIGHT_MIGRATIONS_DIR), "migrations");
        expect(pg::migrate(pg_server::conninfo(cluster_, kTemplate), migrations), "migrations");
    }

    ~TestServer() {
        server_->signal(SIGQUIT);
        wait(server_->async_wait_for(10s));
        server_.reset();
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    std::string new_database(const char* from) {
        auto name = fmt::format("test_{}", ++count_);
        create_database(name, from);
        return pg_server::conninfo(cluster_, name);
    }

  private:
    void start() {
        auto command = pg_server::server_command(cluster_);
        auto log = folder_ / "server.log";
        UniqueFd log_file(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
        command.out = process::Stdio::descriptor(log_file.get());
        command.death_signal = SIGQUIT;
        server_.emplace(
            expect(process::Process::spawn(ioc_.get_executor(), std::move(command)), "postgres"));
        if (!wait(accepts())) {
            auto said = read_file(log, 1024 * 1024).value_or("");
            throw std::runtime_error("test database: the server does not start: " +
                                     process::last_lines(said, 10));
        }
    }

    asio::awaitable<bool> accepts() {
        asio::steady_timer timer(ioc_);
        auto deadline = std::chrono::steady_clock::now() + kStartLimit;
        while (!co_await pg_server::answers(connecting_, cluster_)) {
            if (server_->poll() || std::chrono::steady_clock::now() > deadline) co_return false;
            timer.expires_after(20ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        co_return true;
    }

    asio::awaitable<result<>> create(std::string name, std::string from) {
        MW_CO_TRY(auto connection, co_await pg::Connection::open(
                                       connecting_, pg_server::conninfo(cluster_, "postgres")));
        auto sql =
            fmt::format("CREATE DATABASE {}{}{}", name, from.empty() ? "" : " TEMPLATE ", from);
        auto created = co_await connection->run_text("test.create_database", std::move(sql));
        if (!created) co_return fail(std::move(created).error());
        co_return result<>{};
    }

    void create_database(const std::string& name, const std::string& from) {
        expect(wait(create(name, from)), "create database");
    }

    asio::io_context ioc_{1};
    asio::thread_pool connecting_{1};
    fs::path folder_;
    pg_server::Cluster cluster_;
    std::optional<process::Process> server_;
    int count_ = 0;
};

TestServer& server() {
    static TestServer instance;
    return instance;
}

}  // namespace

std::string test_database() {
    return server().new_database(kTemplate);
}

std::string empty_test_database() {
    return server().new_database("template0");
}

std::optional<process::Identity> unprivileged_identity() {
    if (::geteuid() != 0) return std::nullopt;
    const passwd* entry = unprivileged_entry();
    return process::Identity{entry->pw_uid, entry->pw_gid};
}

std::string unprivileged_user() {
    return unprivileged_entry()->pw_name;
}

}  // namespace mw::test
