// How the readers of dbt's JSON files take them apart. Pure; of this folder alone.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/json_text.hpp"

namespace mw::dbt {

inline std::unexpected<Error> not_of_dbt(std::string_view file, std::string why) {
    return fail(Errc::upstream_failed, fmt::format("{} is not what dbt writes.", file),
                std::move(why));
}

}  // namespace mw::dbt
