#include "features/artifacts/artifact_content.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "infra/zstd/pack.hpp"

namespace mw::artifacts {
namespace {

constexpr std::size_t kPieceBytes = 128UL * 1024;

Awaitable<std::string> read_all(store::ObjectReader& reader) {
    std::string stored;
    stored.reserve(reader.length_bytes());
    while (true) {
        MW_CO_TRY(auto piece, co_await reader.read(kPieceBytes));
        if (piece.empty()) break;
        stored += piece;
    }
    co_return stored;
}

}  // namespace

std::optional<store::ByteRange> stored_range(const Artifact& artifact) {
    if (!artifact.pack_offset || !artifact.pack_bytes) return std::nullopt;
    auto first = static_cast<std::uint64_t>(*artifact.pack_offset);
    return store::ByteRange{first, first + static_cast<std::uint64_t>(*artifact.pack_bytes) - 1};
}

Awaitable<std::shared_ptr<store::ObjectReader>> open_content(
    store::ObjectStore& objects, const Artifact& artifact, std::optional<store::ByteRange> range) {
    auto opened = co_await objects.get(artifact.object_key, range);
    if (opened) co_return std::shared_ptr<store::ObjectReader>(std::move(*opened));
    if (opened.error().code == Errc::not_found)
        log::error("an artifact's object is gone",
                   {{"run_id", artifact.run_id}, {"key", artifact.object_key}});
    co_return fail(std::move(opened).error());
}

Awaitable<std::string> unpack_content(store::ObjectReader& reader, const Artifact& artifact) {
    MW_CO_TRY(auto stored, co_await read_all(reader));
    co_return pack::unpack(stored, static_cast<std::uint64_t>(artifact.size_bytes));
}

Awaitable<std::string> read_content(store::ObjectStore& objects, const Artifact& artifact,
                                    std::uint64_t bytes_max) {
    if (static_cast<std::uint64_t>(artifact.size_bytes) > bytes_max)
        co_return fail(Errc::limit_exceeded,
                       fmt::format("{} has {} bytes; at most {} are read.", artifact.path,
                                   artifact.size_bytes, bytes_max));
    MW_CO_TRY(auto reader, co_await open_content(objects, artifact, stored_range(artifact)));
    if (artifact.pack_offset) co_return co_await unpack_content(*reader, artifact);
    co_return co_await read_all(*reader);
}

}  // namespace mw::artifacts
