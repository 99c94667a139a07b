// Errors as values: one closed set of codes, independent of any protocol.
//
// `result<T>` is for what a caller can act on; exceptions are for broken invariants and what
// libraries throw, caught once at each coroutine root. `message` may be shown to a user,
// `detail` goes to the log only. HTTP codes come from infra/http/error_response.cpp.
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace mw {

enum class Errc {
    invalid_argument,
    unauthenticated,
    forbidden,
    not_found,
    method_not_allowed,
    conflict,
    limit_exceeded,
    payload_too_large,
    unavailable,
    timeout,
    cancelled,
    lease_lost,
    upstream_failed,
    internal,
};

// One field of a request that was refused, and why.
struct FieldError {
    std::string field;
    std::string message;
};

struct Error {
    Errc code = Errc::internal;
    std::string message;
    std::string detail = {};
    std::vector<FieldError> fields = {};
    int retry_after_seconds = 0;  // when it is worth to try again; 0: nobody knows
};

template <class T = void>
using result = std::expected<T, Error>;

// Shorthand for `return fail(Errc::not_found, "…")`.
inline std::unexpected<Error> fail(Errc code, std::string message, std::string detail = {}) {
    return std::unexpected(Error{code, std::move(message), std::move(detail), {}});
}

inline std::unexpected<Error> fail(Error error) {
    return std::unexpected(std::move(error));
}

// A 400 that names the field.
inline std::unexpected<Error> fail_field(std::string field, std::string message) {
    std::string text = field + ": " + message;
    return std::unexpected(Error{Errc::invalid_argument,
                                 std::move(text),
                                 {},
                                 {FieldError{std::move(field), std::move(message)}}});
}

// The code's name, for logs.
const char* errc_name(Errc code);

}  // namespace mw

#define MW_CONCAT_(a, b) a##b
#define MW_CONCAT(a, b) MW_CONCAT_(a, b)

// MW_TRY(auto value, expression): returns the error from a plain function, or binds the value.
#define MW_TRY(declaration, ...) \
    MW_TRY_IMPL_(MW_CONCAT(mw_try_, __LINE__), return, declaration, __VA_ARGS__)
// MW_CO_TRY: the same inside a coroutine; the expression holds the co_await.
#define MW_CO_TRY(declaration, ...) \
    MW_TRY_IMPL_(MW_CONCAT(mw_try_, __LINE__), co_return, declaration, __VA_ARGS__)
#define MW_TRY_IMPL_(name, leave, declaration, ...)            \
    auto name = __VA_ARGS__;                                   \
    if (!name) leave std::unexpected(std::move(name).error()); \
    declaration = std::move(*name)

// For result<> without a value.
#define MW_CHECK(...)                             \
    if (auto mw_check_ = __VA_ARGS__; !mw_check_) \
    return std::unexpected(std::move(mw_check_).error())
#define MW_CO_CHECK(...)                          \
    if (auto mw_check_ = __VA_ARGS__; !mw_check_) \
    co_return std::unexpected(std::move(mw_check_).error())
