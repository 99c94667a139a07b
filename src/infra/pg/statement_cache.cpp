#include "infra/pg/statement_cache.hpp"

#include <fmt/format.h>

namespace mw::pg {

StatementCache::Advice StatementCache::advise(std::string_view sql) {
    auto known = by_sql_.find(sql);
    if (known == by_sql_.end()) {
        auto removed = make_room();
        entries_.push_front({.sql = std::string(sql), .name = fmt::format("s{}", ++names_)});
        by_sql_.emplace(entries_.front().sql, entries_.begin());
        return {.name = {}, .prepare = false, .remove = std::move(removed)};
    }
    entries_.splice(entries_.begin(), entries_, known->second);
    return {.name = entries_.front().name, .prepare = !entries_.front().is_prepared};
}

std::optional<std::string> StatementCache::make_room() {
    if (entries_.size() < most_) return std::nullopt;
    auto& oldest = entries_.back();
    auto removed = oldest.is_prepared ? std::optional(std::move(oldest.name)) : std::nullopt;
    by_sql_.erase(oldest.sql);
    entries_.pop_back();
    return removed;
}

void StatementCache::forget(std::string_view sql) {
    auto known = by_sql_.find(sql);
    if (known == by_sql_.end()) return;
    auto entry = known->second;
    by_sql_.erase(known);
    entries_.erase(entry);
}

void StatementCache::prepared(std::string_view sql) {
    if (auto known = by_sql_.find(sql); known != by_sql_.end()) known->second->is_prepared = true;
}

}  // namespace mw::pg
