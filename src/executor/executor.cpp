#include "executor/executor.hpp"

#include <fmt/format.h>

namespace mw::executor {

std::string to_string(const WorkId& work) {
    return fmt::format("{}-{}", work.kind == Kind::run ? "run" : "develop", work.id);
}

}  // namespace mw::executor
