#include "roles/cli/sample_command.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <cstdio>

#include "roles/cli/operator_session.hpp"

namespace mw::cli {

int load_sample(const Layout& layout) {
    auto loaded = ask_operator(layout, "POST", "sample/");
    if (loaded) {
        fmt::print("{}\n", boost::json::serialize(*loaded));
        return 0;
    }
    fmt::print(stderr, "millwright: {}\n", loaded.error().message);
    return 1;
}

}  // namespace mw::cli
