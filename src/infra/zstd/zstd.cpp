#include "infra/zstd/zstd.hpp"

#include <zstd.h>

#include <array>
#include <new>
#include <stdexcept>

namespace mw::zstd {
namespace {

// The first of the sixteen magic numbers that mark a skippable frame.
constexpr std::uint32_t kSkippableMagic = 0x184D2A50;

void append_little_endian(std::string& out, std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8)
        out += static_cast<char>((number >> shift) & 0xFF);
}

std::unexpected<Error> damaged(std::string detail) {
    return fail(Errc::internal, "Stored data is damaged.", std::move(detail));
}

}  // namespace

struct Compressor::State {
    explicit State(int level) : stream(ZSTD_createCCtx(), &ZSTD_freeCCtx) {
        if (!stream) throw std::bad_alloc();
        ZSTD_CCtx_setParameter(stream.get(), ZSTD_c_compressionLevel, level);
        ZSTD_CCtx_setParameter(stream.get(), ZSTD_c_checksumFlag, 1);
    }

    std::string run(std::string_view bytes, ZSTD_EndDirective directive) {
        ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
        std::string out;
        std::array<char, 16384> piece{};
        for (;;) {
            ZSTD_outBuffer output{piece.data(), piece.size(), 0};
            auto left = ZSTD_compressStream2(stream.get(), &output, &input, directive);
            // Only a broken call or no memory can fail here.
            if (ZSTD_isError(left) != 0) throw std::runtime_error(ZSTD_getErrorName(left));
            out.append(piece.data(), output.pos);
            bool done = directive == ZSTD_e_end ? left == 0 : input.pos == input.size;
            if (done) return out;
        }
    }

    std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> stream;
};

Compressor::Compressor(int level) : state_(std::make_unique<State>(level)) {
}
Compressor::~Compressor() = default;
Compressor::Compressor(Compressor&&) noexcept = default;
Compressor& Compressor::operator=(Compressor&&) noexcept = default;

std::string Compressor::write(std::string_view bytes) {
    return state_->run(bytes, ZSTD_e_continue);
}

std::string Compressor::end_frame() {
    return state_->run({}, ZSTD_e_end);
}

struct Decompressor::State {
    explicit State(std::size_t output_max)
        : stream(ZSTD_createDCtx(), &ZSTD_freeDCtx), room(output_max) {
        if (!stream) throw std::bad_alloc();
    }
    std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> stream;
    std::size_t room;
    bool at_frame_end = true;
};

Decompressor::Decompressor(std::size_t output_max) : state_(std::make_unique<State>(output_max)) {
}
Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;

bool Decompressor::at_frame_end() const {
    return state_->at_frame_end;
}

result<std::string> Decompressor::write(std::string_view bytes) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    std::string out;
    std::array<char, 65536> piece{};
    // A full output piece may leave more behind, even when all input has been taken.
    for (bool more = false; input.pos < input.size || more;) {
        ZSTD_outBuffer output{piece.data(), piece.size(), 0};
        auto left = ZSTD_decompressStream(state_->stream.get(), &output, &input);
        if (ZSTD_isError(left) != 0) return damaged(ZSTD_getErrorName(left));
        if (output.pos > state_->room) return damaged("more data than it may hold");
        state_->room -= output.pos;
        out.append(piece.data(), output.pos);
        state_->at_frame_end = left == 0;
        more = output.pos == output.size && left != 0;
    }
    return out;
}

std::string compress(std::string_view bytes) {
    Compressor compressor;
    auto out = compressor.write(bytes);
    return out + compressor.end_frame();
}

result<std::string> decompress(std::string_view frames, std::size_t output_max) {
    Decompressor decompressor(output_max);
    MW_TRY(auto out, decompressor.write(frames));
    if (!decompressor.at_frame_end()) return damaged("a frame is cut off");
    return out;
}

std::string skippable_frame(std::string_view bytes) {
    std::string frame;
    append_little_endian(frame, kSkippableMagic);
    append_little_endian(frame, static_cast<std::uint32_t>(bytes.size()));
    return frame.append(bytes);
}

}  // namespace mw::zstd
