#include "infra/zlib/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace mw::zlib {

std::string gzip(std::string_view plain, Effort effort) {
    constexpr int kWindowBits = 15 + 16;  // 16: a gzip header instead of zlib's
    constexpr int kMemoryLevel = 9;
    z_stream stream{};
    int level = effort == Effort::once ? Z_BEST_SPEED : Z_BEST_COMPRESSION;
    if (deflateInit2(&stream, level, Z_DEFLATED, kWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        throw std::runtime_error("zlib cannot be initialised");
    std::string packed(deflateBound(&stream, plain.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    int outcome = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (outcome != Z_STREAM_END) throw std::runtime_error("zlib: the text was not compressed");
    return packed;
}

}  // namespace mw::zlib
