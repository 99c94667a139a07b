// The two halves for the engine host, which is Python and calls them by ctypes: text in, 0 or an
// error's sentence out. No exception leaves them.
#include <boost/json/parse.hpp>
#include <cstring>
#include <exception>
#include <string>

#include "infra/sandbox/sandbox.hpp"

namespace {

using mw::result;

int call(result<> (*half)(const mw::sandbox::Plan&), const char* plan, char* error,
         std::size_t error_bytes) noexcept {
    std::string words;
    try {
        boost::json::error_code bad;
        auto json = boost::json::parse(plan, bad);
        auto parsed = bad ? mw::fail(mw::Errc::invalid_argument, "the plan is not JSON")
                          : mw::sandbox::parse_plan(json);
        auto done = parsed ? half(*parsed) : result<>(std::unexpected(parsed.error()));
        if (done) return 0;
        words = done.error().message;
    } catch (const std::exception& thrown) {
        words = thrown.what();
    }
    if (error_bytes > 0) {
        std::strncpy(error, words.c_str(), error_bytes - 1);
        error[error_bytes - 1] = '\0';
    }
    return -1;
}

}  // namespace

extern "C" {

__attribute__((visibility("default"))) int mw_sandbox_leave_host(const char* plan, char* error,
                                                                 std::size_t error_bytes) {
    return call(&mw::sandbox::leave_host, plan, error, error_bytes);
}

__attribute__((visibility("default"))) int mw_sandbox_enter(const char* plan, char* error,
                                                            std::size_t error_bytes) {
    return call(&mw::sandbox::enter, plan, error, error_bytes);
}
}
