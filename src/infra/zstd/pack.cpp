#include "infra/zstd/pack.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <set>

#include "base/files.hpp"
#include "infra/zstd/zstd.hpp"

namespace mw::pack {
namespace {

namespace json = boost::json;

constexpr std::string_view kMark = "MWPACK01";
constexpr std::size_t kTrailerBytes = sizeof(std::uint64_t) + kMark.size();
constexpr std::size_t kIndexBytesMax = 16UL * 1024 * 1024;
constexpr std::size_t kFieldsOfEntry = 4;

static_assert(std::endian::native == std::endian::little);

auto no_pack(std::string_view why) {
    return fail(Errc::invalid_argument, fmt::format("This is no pack of files: {}.", why));
}

result<std::string> read_range(int fd, std::uint64_t offset, std::size_t bytes) {
    std::string text(bytes, '\0');
    std::size_t got = 0;
    while (got < bytes) {
        auto more = ::pread(fd, text.data() + got, bytes - got, static_cast<off_t>(offset + got));
        if (more < 0 && errno == EINTR) continue;
        if (more < 0)
            return fail(Errc::unavailable,
                        fmt::format("The pack cannot be read: {}", std::strerror(errno)));
        if (more == 0) return no_pack("it ends too early");
        got += static_cast<std::size_t>(more);
    }
    return text;
}

result<std::uint64_t> number_in(const json::value& value) {
    boost::system::error_code error;
    auto number = value.is_number() ? value.to_number<std::uint64_t>(error) : 0;
    if (!value.is_number() || error) return no_pack("its index has a number that is none");
    return number;
}

result<Entry> read_entry(const json::value& value, std::uint64_t end) {
    const auto* fields = value.if_array();
    if (!fields || fields->size() != kFieldsOfEntry || !fields->at(0).is_string())
        return no_pack("its index has an entry of another form");
    Entry entry{.path = std::string(fields->at(0).get_string())};
    MW_TRY(entry.offset, number_in(fields->at(1)));
    MW_TRY(entry.stored_bytes, number_in(fields->at(2)));
    MW_TRY(entry.bytes, number_in(fields->at(3)));
    if (entry.offset > end || entry.stored_bytes > end - entry.offset)
        return no_pack("a file of its index lies outside of it");
    if (entry.bytes > kFileBytesMax) return no_pack("a file in it is too large");
    return entry;
}

}  // namespace

result<Writer> Writer::create(const std::filesystem::path& file) {
    UniqueFd fd(::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return fail(file_error(errno, "The pack cannot be made", file));
    return Writer(std::move(fd));
}

result<> Writer::write(std::string_view bytes) {
    if (!write_all(file_.get(), bytes))
        return fail(Errc::unavailable,
                    fmt::format("The pack cannot be written: {}", std::strerror(errno)));
    offset_ += bytes.size();
    return {};
}

result<> Writer::add(std::string path, std::string_view content) {
    if (content.size() > kFileBytesMax || entries_.size() >= kFilesMax)
        return fail(Errc::limit_exceeded, "The pack takes no such file.");
    auto frame = zstd::compress(content);
    entries_.push_back({std::move(path), offset_, frame.size(), content.size()});
    return write(frame);
}

result<> Writer::finish() {
    json::array index;
    for (const auto& entry : entries_)
        index.push_back(json::array{entry.path, entry.offset, entry.stored_bytes, entry.bytes});
    auto begin = offset_;
    MW_CHECK(write(zstd::compress(json::serialize(index))));
    char trailer[sizeof begin];
    std::memcpy(trailer, &begin, sizeof begin);
    MW_CHECK(write({trailer, sizeof trailer}));
    return write(kMark);
}

result<std::vector<Entry>> read_index(const std::filesystem::path& file) {
    UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts{};
    if (!fd || ::fstat(fd.get(), &facts) != 0)
        return fail(file_error(errno, "The pack cannot be read", file));
    auto size = static_cast<std::uint64_t>(facts.st_size);
    if (size < kTrailerBytes) return no_pack("it is too short");
    auto end = size - kTrailerBytes;
    MW_TRY(auto trailer, read_range(fd.get(), end, kTrailerBytes));
    std::uint64_t begin = 0;
    std::memcpy(&begin, trailer.data(), sizeof begin);
    if (!trailer.ends_with(kMark)) return no_pack("its end is another");
    if (begin > end || end - begin > kIndexBytesMax) return no_pack("its index is elsewhere");
    MW_TRY(auto frame, read_range(fd.get(), begin, static_cast<std::size_t>(end - begin)));
    auto text = zstd::decompress(frame, kIndexBytesMax);
    json::error_code bad;
    auto value = text ? json::parse(*text, bad) : json::value();
    if (!text || bad || !value.is_array()) return no_pack("its index is damaged");
    if (value.get_array().size() > kFilesMax) return no_pack("there are too many files in it");
    std::vector<Entry> entries;
    std::set<std::string_view> paths;
    entries.reserve(value.get_array().size());
    for (const auto& item : value.get_array()) {
        MW_TRY(auto entry, read_entry(item, begin));
        entries.push_back(std::move(entry));
        if (!paths.insert(entries.back().path).second) return no_pack("a path is there twice");
    }
    return entries;
}

result<std::string> unpack(std::string_view stored, std::uint64_t bytes) {
    auto content = zstd::decompress(stored, static_cast<std::size_t>(bytes));
    if (content && content->size() != bytes)
        return fail(Errc::internal, "A packed file has another size than its index says.");
    return content;
}

}  // namespace mw::pack
