#include "infra/pg/result.hpp"

#include <charconv>

namespace mw::pg {

std::int64_t Rows::affected() const {
    std::string_view text = PQcmdTuples(result_.get());
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

}  // namespace mw::pg
