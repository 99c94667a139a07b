#include "roles/confine/confine.hpp"

#include <unistd.h>

#include <boost/json/parse.hpp>

#include "base/files.hpp"
#include "infra/sandbox/confined_program.hpp"

namespace mw::confine {
namespace {

constexpr int kNotStarted = 125;
constexpr std::size_t kMostPlanBytes = 1024UL * 1024;

result<sandbox::Plan> read_plan() {
    auto text = read_file(sandbox::kPlanFd, "plan", kMostPlanBytes);
    if (!text)
        return fail(Errc::invalid_argument,
                    "`millwright confine` is started by Millwright itself, with a plan.");
    ::close(sandbox::kPlanFd);
    boost::json::error_code bad;
    auto json = boost::json::parse(*text, bad);
    if (bad) return fail(Errc::invalid_argument, "the plan is not JSON");
    return sandbox::parse_plan(json);
}

}  // namespace

int run_confine() {
    auto plan = read_plan();
    if (plan) return sandbox::run_confined(*plan, sandbox::kConfineFds);
    const auto& sentence = plan.error().message;
    // Started by hand there is no such descriptor; a terminal then shows it.
    if (::write(sandbox::kConfineFds.failure, sentence.data(), sentence.size()) < 0)
        static_cast<void>(::write(STDERR_FILENO, sentence.data(), sentence.size()));
    return kNotStarted;
}

}  // namespace mw::confine
