#include "features/run_log/log_object.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mw::run_log {
namespace {

constexpr std::size_t kFrameBytes = 256UL * 1024;
// A frame ends after the line that makes it full, and a line has a limit of its own.
constexpr std::size_t kFrameBytesMax = 64UL * 1024 * 1024;
constexpr std::string_view kMagic = "MWLI";
constexpr std::size_t kTrailerBytes = 4 + kMagic.size();

std::unexpected<Error> damaged(std::string_view detail) {
    return fail(Errc::internal, "The stored log is damaged.", std::string(detail));
}

std::string trailer(std::size_t index_bytes) {
    std::string bytes;
    for (int shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>((index_bytes >> shift) & 0xFF);
    return bytes.append(kMagic);
}

result<std::size_t> index_bytes(std::string_view tail) {
    if (tail.size() < kTrailerBytes || !tail.ends_with(kMagic)) return damaged("no index");
    auto number = tail.substr(tail.size() - kTrailerBytes, 4);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < 4; ++i)
        bytes |= static_cast<std::size_t>(static_cast<unsigned char>(number[i])) << (8 * i);
    return bytes;
}

}  // namespace

std::string LogObjectWriter::add(const LogLine& line) {
    if (current_.lines == 0) current_.first_line = line.n;
    ++current_.lines;
    if (line.level >= Level::info) ++current_.shown_lines;
    auto raw = boost::json::serialize(stored_line(line)) + '\n';
    raw_bytes_ += raw.size();
    auto bytes = compressor_.write(raw);
    current_.size += bytes.size();
    if (raw_bytes_ >= kFrameBytes) bytes += end_frame();
    return bytes;
}

std::string LogObjectWriter::end_frame() {
    auto bytes = compressor_.end_frame();
    current_.size += bytes.size();
    frames_.push_back(current_);
    auto next_offset = current_.offset + current_.size;
    current_ = Frame{.offset = next_offset};
    raw_bytes_ = 0;
    return bytes;
}

std::string LogObjectWriter::finish() {
    std::string bytes;
    if (current_.lines > 0) bytes = end_frame();
    boost::json::array index;
    for (const auto& frame : frames_)
        index.push_back(boost::json::array{frame.offset, frame.size, frame.first_line, frame.lines,
                                           frame.shown_lines});
    auto text = boost::json::serialize(index);
    return bytes + zstd::skippable_frame(text + trailer(text.size()));
}

result<std::uint64_t> index_tail_bytes(std::string_view tail) {
    MW_TRY(auto bytes, index_bytes(tail));
    return bytes + kTrailerBytes;
}

result<std::vector<Frame>> read_index(std::string_view tail) {
    MW_TRY(auto bytes, index_bytes(tail));
    if (tail.size() < bytes + kTrailerBytes) return damaged("the index is cut off");
    auto text = tail.substr(tail.size() - kTrailerBytes - bytes, bytes);
    boost::json::error_code error;
    auto index = boost::json::parse(text, error);
    if (error || !index.is_array()) return damaged("the index can't be read");
    std::vector<Frame> frames;
    for (const auto& entry : index.get_array()) {
        const auto* numbers = entry.if_array();
        if (!numbers || numbers->size() != 5) return damaged("the index has a strange entry");
        auto number = [&](std::size_t i) { return (*numbers)[i].to_number<std::int64_t>(error); };
        Frame frame{static_cast<std::uint64_t>(number(0)), static_cast<std::uint64_t>(number(1)),
                    number(2), number(3), number(4)};
        if (error) return damaged("the index has a strange number");
        frames.push_back(frame);
    }
    return frames;
}

result<std::vector<LogLine>> read_frame(std::string_view bytes, const Frame& frame) {
    MW_TRY(auto text, zstd::decompress(bytes, kFrameBytesMax));
    std::vector<LogLine> lines;
    lines.reserve(static_cast<std::size_t>(frame.lines));
    std::string_view rest = text;
    while (!rest.empty()) {
        auto end = rest.find('\n');
        boost::json::error_code error;
        auto line = boost::json::parse(rest.substr(0, end), error);
        if (error || !line.is_object()) return damaged("a line can't be read");
        auto n = frame.first_line + static_cast<std::int64_t>(lines.size());
        lines.push_back(line_from_stored(line.get_object(), n));
        rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    }
    if (static_cast<std::int64_t>(lines.size()) != frame.lines)
        return damaged("a frame does not have its number of lines");
    return lines;
}

}  // namespace mw::run_log
