#include "executor/executor.hpp"

#include <fmt/format.h>

namespace mw::executor {

std::string_view kind_name(Kind kind) {
    switch (kind) {
        case Kind::run:
            return "run";
        case Kind::develop:
            return "develop";
        case Kind::connection_test:
            return "connection-test";
    }
    return "run";
}

std::string to_string(const WorkId& work) {
    return fmt::format("{}-{}", kind_name(work.kind), work.id);
}

}  // namespace mw::executor
