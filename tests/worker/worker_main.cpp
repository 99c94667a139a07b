// The run worker alone, as `millwright run` is inside the whole program: for tests/worker, which
// then need no other role built.
#include <fmt/format.h>

#include <cstdio>

#include "roles/runner/worker.hpp"

int main() {
    auto settings = mw::Settings::load();
    auto layout =
        settings ? mw::Layout::from(*settings) : mw::result<mw::Layout>(mw::fail(settings.error()));
    if (!layout) {
        fmt::print(stderr, "{}\n", layout.error().message);
        return 1;
    }
    return mw::runner::run_worker(*settings, *layout);
}
