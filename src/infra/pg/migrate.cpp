#include "infra/pg/migrate.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>
#include <sstream>

namespace mw::pg {
namespace {

using ConnectionPtr = std::unique_ptr<PGconn, void (*)(PGconn*)>;
using ResultPtr = std::unique_ptr<PGresult, void (*)(PGresult*)>;

// Any constant that no other program's lock is likely to share.
constexpr const char* kLock = "SELECT pg_advisory_lock(7221904551)";

constexpr const char* kTable = R"(
CREATE TABLE IF NOT EXISTS schema_migrations (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    digest     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
))";

// FNV-1a: enough to notice an edited file, the same on every platform.
std::string digest_of(const std::string& text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return fmt::format("{:016x}", hash);
}

result<ResultPtr> execute(PGconn* connection, const std::string& sql,
                          const std::vector<std::string>& params = {}) {
    std::vector<const char*> values;
    for (const auto& param : params)
        values.push_back(param.c_str());
    ResultPtr answer(params.empty()
                         ? PQexec(connection, sql.c_str())
                         : PQexecParams(connection, sql.c_str(), static_cast<int>(values.size()),
                                        nullptr, values.data(), nullptr, nullptr, 0),
                     &PQclear);
    auto status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return fail(Errc::internal, PQerrorMessage(connection));
    return answer;
}

result<> apply(PGconn* connection, const Migration& migration, const std::string& digest) {
    auto attempt = [&]() -> result<> {
        MW_CHECK(execute(connection, "BEGIN"));
        MW_CHECK(execute(connection, migration.sql));
        MW_CHECK(execute(connection,
                         "INSERT INTO schema_migrations (number, name, digest) VALUES ($1, $2, $3)",
                         {std::to_string(migration.number), migration.name, digest}));
        MW_CHECK(execute(connection, "COMMIT"));
        return {};
    };
    auto applied = attempt();
    if (applied) return {};
    (void)execute(connection, "ROLLBACK");
    return fail(Errc::internal,
                fmt::format("migration {:04}_{} failed and was rolled back: {}", migration.number,
                            migration.name, applied.error().message));
}

result<int> apply_missing(PGconn* connection, const std::vector<Migration>& migrations) {
    MW_TRY(
        auto rows,
        execute(connection, "SELECT number, name, digest FROM schema_migrations ORDER BY number"));
    int known = PQntuples(rows.get());
    if (known > static_cast<int>(migrations.size()))
        return fail(Errc::conflict,
                    fmt::format("the database is at migration {} but this program knows only {}: "
                                "use a newer program",
                                known, migrations.size()));
    int applied = 0;
    for (std::size_t i = 0; i < migrations.size(); ++i) {
        auto digest = digest_of(migrations[i].sql);
        if (static_cast<int>(i) < known) {
            if (PQgetvalue(rows.get(), static_cast<int>(i), 2) != digest)
                return fail(Errc::conflict,
                            fmt::format("migration {:04}_{} differs from the one that was applied",
                                        migrations[i].number, migrations[i].name));
            continue;
        }
        MW_CHECK(apply(connection, migrations[i], digest));
        ++applied;
    }
    return applied;
}

}  // namespace

result<std::vector<Migration>> load_migrations(const std::filesystem::path& folder) {
    std::vector<Migration> migrations;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        auto name = entry.path().filename().string();
        if (!name.ends_with(".sql") || name.size() < 10 || name[4] != '_') continue;
        int number = 0;
        std::from_chars(name.data(), name.data() + 4, number);
        std::ifstream in(entry.path());
        std::ostringstream sql;
        sql << in.rdbuf();
        migrations.push_back({number, name.substr(5, name.size() - 9), sql.str()});
    }
    if (error || migrations.empty())
        return fail(Errc::internal, fmt::format("no migrations in {}", folder.string()));
    std::ranges::sort(migrations, {}, &Migration::number);
    for (std::size_t i = 0; i < migrations.size(); ++i)
        if (migrations[i].number != static_cast<int>(i) + 1)
            return fail(Errc::internal, fmt::format("migrations in {}: {:04} is missing or double",
                                                    folder.string(), i + 1));
    return migrations;
}

result<int> migrate(const std::string& conninfo, const std::vector<Migration>& migrations) {
    ConnectionPtr connection(PQconnectdb(conninfo.c_str()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK)
        return fail(Errc::unavailable, fmt::format("cannot connect to the database: {}",
                                                   PQerrorMessage(connection.get())));
    PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
    MW_CHECK(execute(connection.get(), kLock));
    MW_CHECK(execute(connection.get(), kTable));
    return apply_missing(connection.get(), migrations);
}

}  // namespace mw::pg
