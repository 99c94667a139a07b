#include "roles/runner/report/scrubber.hpp"

#include <algorithm>
#include <cstring>

namespace mw::runner {
namespace {

constexpr std::size_t kProbeBytes = 4;
// With this many bytes, one of the first four offsets falls on a multiple of four.
constexpr std::size_t kLeastProbedBytes = 2 * kProbeBytes - 1;

std::uint32_t bytes_at(std::string_view text, std::size_t at) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, kProbeBytes);
    return bytes;
}

std::size_t hash_of(std::uint32_t bytes) {
    return bytes * 0x9E3779B1U >> 16;
}

}  // namespace

void Scrubber::add(std::string_view value) {
    for (auto& secret : secrets_in(value)) {
        if (std::ranges::find(secrets_, secret) != secrets_.end()) continue;
        for (auto& spelling : spellings_of(secret))
            add_spelling(std::move(spelling));
        secrets_.push_back(std::move(secret));
    }
    std::ranges::sort(probes_, {}, &Probe::bytes);
}

void Scrubber::add_spelling(Spelling spelling) {
    auto index = static_cast<std::uint32_t>(spellings_.size());
    if (spelling.text.size() < kLeastProbedBytes) {
        short_.push_back(index);
    } else {
        for (std::uint32_t offset = 0; offset < kProbeBytes; ++offset) {
            auto bytes = bytes_at(spelling.text, offset);
            probes_.push_back({bytes, index, offset});
            maybe_.set(hash_of(bytes));
        }
    }
    spellings_.push_back(std::move(spelling));
}

Scrubber::Span Scrubber::span_of(std::string_view text, std::size_t at,
                                 const Spelling& spelling) const {
    Span span{at, at + spelling.text.size()};
    if (spelling.before > 0 && span.begin > 0 && is_base64(text[span.begin - 1])) --span.begin;
    if (spelling.after > 0 && span.end < text.size() && is_base64(text[span.end])) ++span.end;
    return span;
}

void Scrubber::look_up(std::string_view text, std::size_t at, std::uint32_t bytes,
                       std::vector<Span>& found) const {
    auto range = std::ranges::equal_range(probes_, bytes, {}, &Probe::bytes);
    for (const auto& probe : range) {
        const auto& spelling = spellings_[probe.spelling];
        if (at >= probe.offset && text.substr(at - probe.offset).starts_with(spelling.text))
            found.push_back(span_of(text, at - probe.offset, spelling));
    }
}

void Scrubber::find_torn(std::string_view text, std::vector<Span>& found) const {
    for (const auto& spelling : spellings_) {
        auto length = std::min(spelling.text.size() - 1, text.size());
        while (length > 0 && !text.ends_with(std::string_view(spelling.text).substr(0, length)))
            --length;
        if (length > 0) found.push_back({text.size() - length, text.size()});
    }
}

std::vector<Scrubber::Span> Scrubber::find(std::string_view text) const {
    std::vector<Span> found;
    if (!probes_.empty())
        for (std::size_t at = 0; at + kProbeBytes <= text.size(); at += kProbeBytes)
            if (auto bytes = bytes_at(text, at); maybe_.test(hash_of(bytes)))
                look_up(text, at, bytes, found);
    for (auto index : short_) {
        const auto& spelling = spellings_[index];
        for (auto at = text.find(spelling.text); at != std::string_view::npos;
             at = text.find(spelling.text, at + 1))
            found.push_back(span_of(text, at, spelling));
    }
    return found;
}

std::string Scrubber::scrub(std::string_view text, bool torn) const {
    auto found = find(text);
    if (torn) find_torn(text, found);
    if (found.empty()) return std::string(text);
    std::ranges::sort(found, {}, &Span::begin);
    std::string scrubbed;
    std::size_t done = 0;
    for (std::size_t i = 0; i < found.size();) {
        auto [begin, end] = found[i];
        while (++i < found.size() && found[i].begin < end)
            end = std::max(end, found[i].end);
        scrubbed.append(text, done, begin - done).append(kMask);
        done = end;
    }
    return scrubbed.append(text, done);
}

}  // namespace mw::runner
