#include "features/artifacts/artifact.hpp"

#include <fmt/format.h>

#include "infra/store/object_store.hpp"

namespace mw::artifacts {

result<std::string> object_key_of(Id account_id, Id run_id, int step_index, std::string_view path) {
    auto key = fmt::format("accounts/{}/runs/{}/artifacts/step-{}/{}", account_id, run_id,
                           step_index, path);
    MW_CHECK(store::check_key(key));
    return key;
}

std::string pack_key_of(Id account_id, Id run_id, int step_index) {
    return fmt::format("accounts/{}/runs/{}/artifacts/step-{}.pack", account_id, run_id,
                       step_index);
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        auto comma = if_none_match.find(',');
        auto entry = if_none_match.substr(0, comma);
        if_none_match =
            comma == if_none_match.npos ? std::string_view{} : if_none_match.substr(comma + 1);
        while (entry.starts_with(' '))
            entry.remove_prefix(1);
        while (entry.ends_with(' '))
            entry.remove_suffix(1);
        if (entry == "*") return true;
        // Weak comparison, as the standard has it for this header.
        if (entry.starts_with("W/")) entry.remove_prefix(2);
        if (entry.size() == etag.size() + 2 && entry.front() == '"' && entry.back() == '"' &&
            entry.substr(1, etag.size()) == etag)
            return true;
    }
    return false;
}

}  // namespace mw::artifacts
