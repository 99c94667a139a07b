#include "infra/pg/connection.hpp"

#include <fmt/format.h>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string_view>

#include "base/log.hpp"

namespace mw::pg {
namespace {

// On each connection, some 20 to 100 KiB of the server's memory each.
constexpr std::size_t kPreparedMost = 128;

using ConnectionPtr = std::unique_ptr<PGconn, void (*)(PGconn*)>;

std::vector<const Query*>& registry() {
    static std::vector<const Query*> queries;
    return queries;
}

std::string server_words(const char* text) {
    std::string words = text ? text : "";
    while (!words.empty() && words.back() == '\n')
        words.pop_back();
    return words;
}

Error unavailable(std::string detail) {
    return Error{Errc::unavailable,
                 "The database is not available at the moment. Try again shortly.",
                 std::move(detail),
                 {}};
}

std::string_view sql_state(const PGresult* result) {
    const char* text = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return text ? text : "";
}

// Of a prepared statement: the server has lost it, or its plan does not fit the schema any more.
bool is_stale(std::string_view sql_state) {
    return sql_state == "26000" || sql_state == "0A000";
}

// SQLSTATE classes that a caller can act on.
Error from_result(const char* query, const PGresult* result) {
    auto state = sql_state(result);
    auto detail =
        fmt::format("{}: {} {}", query, state, server_words(PQresultErrorMessage(result)));
    auto code_class = state.substr(0, 2);
    if (state == "23505") {
        const char* constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
        return {Errc::conflict,
                fmt::format("Already there ({}).", constraint ? constraint : "unique"),
                std::move(detail),
                {}};
    }
    if (state == "23503")
        return {Errc::conflict,
                "Refers to something that does not exist or is still in use.",
                std::move(detail),
                {}};
    if (code_class == "08" || code_class == "57" || code_class == "53" || code_class == "40" ||
        state == "25006")
        return unavailable(std::move(detail));
    return {Errc::internal, "The database refused a statement.", std::move(detail), {}};
}

// Cancels the socket's wait when a statement takes too long; disarmed by its destructor even
// if the timer's handler is already queued.
class Deadline {
  public:
    Deadline(asio::posix::stream_descriptor& socket, std::chrono::milliseconds timeout)
        : timer_(socket.get_executor(), timeout), state_(std::make_shared<State>()) {
        timer_.async_wait([state = state_, &socket](boost::system::error_code error) {
            if (error || state->disarmed) return;
            state->passed = true;
            socket.cancel();
        });
    }
    ~Deadline() { state_->disarmed = true; }
    bool passed() const { return state_->passed; }

  private:
    struct State {
        bool passed = false;
        bool disarmed = false;
    };
    asio::steady_timer timer_;
    std::shared_ptr<State> state_;
};

}  // namespace

Query::Query(const char* query_name, const char* query_sql) : name(query_name), sql(query_sql) {
    registry().push_back(this);
}

const std::vector<const Query*>& registered_queries() {
    return registry();
}

asio::awaitable<result<std::unique_ptr<Connection>>> Connection::open(asio::thread_pool& blocking,
                                                                      std::string conninfo) {
    auto home = co_await asio::this_coro::executor;
    co_await asio::dispatch(asio::bind_executor(blocking.get_executor(), asio::use_awaitable));
    const char* keywords[] = {"dbname", "connect_timeout", "application_name", "options", nullptr};
    const char* values[] = {conninfo.c_str(), "10", "millwright",
                            "-c timezone=UTC -c datestyle=ISO -c client_encoding=UTF8", nullptr};
    ConnectionPtr connection(PQconnectdbParams(keywords, values, 1), &PQfinish);
    co_await asio::dispatch(asio::bind_executor(home, asio::use_awaitable));

    if (!connection || PQstatus(connection.get()) != CONNECTION_OK)
        co_return fail(unavailable(server_words(PQerrorMessage(connection.get()))));
    if (PQsetnonblocking(connection.get(), 1) != 0)
        co_return fail(unavailable(server_words(PQerrorMessage(connection.get()))));
    PQsetNoticeProcessor(
        connection.get(),
        [](void*, const char* text) {
            log::debug("postgres notice", {{"text", server_words(text)}});
        },
        nullptr);
    co_return std::make_unique<Connection>(home, connection.release());
}

Connection::Connection(asio::any_io_executor executor, PGconn* connection)
    : connection_(connection), socket_(executor, PQsocket(connection)), statements_(kPreparedMost) {
}

Connection::~Connection() {
    // libpq owns the descriptor: give it back before PQfinish closes it.
    socket_.release();
    PQfinish(connection_);
}

bool Connection::usable() const {
    return !busy_ && PQstatus(connection_) == CONNECTION_OK &&
           PQtransactionStatus(connection_) == PQTRANS_IDLE;
}

bool Connection::in_transaction() const {
    auto status = PQtransactionStatus(connection_);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

asio::awaitable<result<>> Connection::wait_readable() {
    boost::system::error_code error;
    co_await socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                                asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return fail(unavailable(error.message()));
    if (PQconsumeInput(connection_) == 0)
        co_return fail(unavailable(server_words(PQerrorMessage(connection_))));
    co_return result<>{};
}

asio::awaitable<result<>> Connection::flush() {
    for (;;) {
        int left = PQflush(connection_);
        if (left == 0) co_return result<>{};
        if (left < 0) co_return fail(unavailable(server_words(PQerrorMessage(connection_))));
        boost::system::error_code error;
        co_await socket_.async_wait(asio::posix::stream_descriptor::wait_write,
                                    asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return fail(unavailable(error.message()));
        // The server may be waiting for us to read before it reads more.
        if (PQconsumeInput(connection_) == 0)
            co_return fail(unavailable(server_words(PQerrorMessage(connection_))));
    }
}

asio::awaitable<result<Rows>> Connection::read_result(const char* name) {
    std::optional<result<Rows>> answer;
    for (;;) {
        while (PQisBusy(connection_))
            MW_CO_CHECK(co_await wait_readable());
        PGresult* raw = PQgetResult(connection_);
        if (!raw) break;
        Rows rows(raw);
        switch (PQresultStatus(raw)) {
            case PGRES_TUPLES_OK:
            case PGRES_COMMAND_OK:
            case PGRES_EMPTY_QUERY:
                if (!answer || *answer) answer = std::move(rows);
                break;
            default:
                failed_with_ = sql_state(raw);
                answer = result<Rows>(fail(from_result(name, raw)));
                break;
        }
    }
    if (!answer) co_return fail(unavailable("the server sent no answer"));
    co_return std::move(*answer);
}

asio::awaitable<result<Rows>> Connection::run_text(const char* name, std::string sql,
                                                   std::vector<Param> params,
                                                   std::chrono::milliseconds timeout) {
    co_return co_await execute(name, sql.c_str(), std::move(params), timeout);
}

asio::awaitable<result<Rows>> Connection::execute(const char* name, const char* sql,
                                                  std::vector<Param> params,
                                                  std::chrono::milliseconds timeout) {
    if (busy_) co_return fail(unavailable("the connection is in an unknown state"));
    busy_ = true;
    Deadline deadline(socket_, timeout);
    auto answer = co_await send(name, sql, params);
    if (deadline.passed())
        co_return fail(Errc::timeout, "The database took too long to answer. Try again shortly.",
                       fmt::format("{}: no answer in {} ms", name, timeout.count()));
    if (answer || answer.error().code != Errc::unavailable ||
        PQstatus(connection_) == CONNECTION_OK)
        busy_ = PQtransactionStatus(connection_) == PQTRANS_ACTIVE;
    if (!answer)
        log::debug("statement failed", {{"query", name}, {"detail", answer.error().detail}});
    co_return answer;
}

asio::awaitable<result<Rows>> Connection::send(const char* name, const char* sql,
                                               const std::vector<Param>& params) {
    // Without parameters the simple protocol also takes several statements (migrations).
    if (params.empty()) co_return co_await answer(name, PQsendQuery(connection_, sql));
    std::vector<const char*> values;
    values.reserve(params.size());
    for (const auto& param : params)
        values.push_back(param ? param->c_str() : nullptr);
    auto count = static_cast<int>(values.size());

    auto advice = statements_.advise(sql);
    MW_CO_CHECK(co_await prepare(name, sql, advice));
    if (!advice.name.empty()) {
        auto rows =
            co_await answer(name, PQsendQueryPrepared(connection_, advice.name.c_str(), count,
                                                      values.data(), nullptr, nullptr, 0));
        if (rows || !is_stale(failed_with_)) co_return rows;
        statements_.forget(sql);
        if (in_transaction()) co_return rows;
    }
    co_return co_await answer(name, PQsendQueryParams(connection_, sql, count, nullptr,
                                                      values.data(), nullptr, nullptr, 0));
}

asio::awaitable<result<>> Connection::prepare(const char* name, const char* sql,
                                              const StatementCache::Advice& advice) {
    if (advice.remove) {
        auto text = fmt::format("DEALLOCATE {}", *advice.remove);
        MW_CO_CHECK(co_await answer("pg.deallocate", PQsendQuery(connection_, text.c_str())));
    }
    if (!advice.prepare) co_return result<>{};
    MW_CO_CHECK(
        co_await answer(name, PQsendPrepare(connection_, advice.name.c_str(), sql, 0, nullptr)));
    statements_.prepared(sql);
    co_return result<>{};
}

asio::awaitable<result<Rows>> Connection::answer(const char* name, int sent) {
    if (sent == 0) co_return fail(unavailable(server_words(PQerrorMessage(connection_))));
    MW_CO_CHECK(co_await flush());
    co_return co_await read_result(name);
}

asio::awaitable<result<Notification>> Connection::next_notification() {
    for (;;) {
        if (PGnotify* raw = PQnotifies(connection_)) {
            Notification notification{raw->relname, raw->extra};
            PQfreemem(raw);
            co_return notification;
        }
        MW_CO_CHECK(co_await wait_readable());
    }
}

}  // namespace mw::pg
