// Secrets at rest: sealed with a data key (XChaCha20-Poly1305), which a master key wraps.
//
//   master key (file, 0600)  wraps  data keys (rows, wrapped)  seal  secrets (columns)
//
// The master key never enters the database; rotating it re-wraps the data keys and touches no
// secret. Rotating the data key: `Sealer(new, {old})` opens both and seals with the new one.
//
// Sealed bytes: version 1 | key id 8 | nonce 24 | ciphertext | tag 16. Version, key id and the
// context are authenticated. The context names the place ("credentials:42"), so that a sealed
// value copied to another row doesn't open there.
//
// Errors: opening anything that is damaged, moved or foreign is `internal` with a sentence that
// holds no secret. Safe from any thread; microseconds per call, except for the file functions.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::crypto {

inline constexpr std::size_t kKeyBytes = 32;

// 32 bytes that are wiped when they go. `Tag` keeps a master key from being used as a data key.
template <class Tag>
class Key {
  public:
    static Key generate();
    // From exactly kKeyBytes raw bytes; anything else is a broken invariant.
    static Key from_bytes(std::string_view bytes);

    Key(const Key&) = default;
    Key& operator=(const Key&) = default;
    ~Key();

    std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }
    // Eight bytes that tell keys apart and say nothing about the key.
    std::string id() const;

  private:
    Key() = default;
    std::array<char, kKeyBytes> bytes_{};
};

using DataKey = Key<struct DataKeyTag>;

class Sealer {
  public:
    explicit Sealer(const DataKey& current, std::vector<DataKey> former = {});

    // Raw bytes for a bytea column; different every time.
    std::string seal(const Secret& plaintext, std::string_view context) const;
    result<Secret> open(std::string_view sealed, std::string_view context) const;

    // True when `sealed` was made with a former key: seal it anew.
    bool needs_reseal(std::string_view sealed) const;

  private:
    DataKey current_;
    std::vector<DataKey> former_;
};

class MasterKey {
  public:
    // From the text of a master key file (also: an environment variable).
    static result<MasterKey> parse(const Secret& text);
    // A file that anyone else may read or write is refused: `forbidden`.
    static result<MasterKey> load(const std::filesystem::path& file);

    // Raw bytes for the data_keys table.
    std::string wrap_data_key(const DataKey& key) const;
    result<DataKey> unwrap_data_key(std::string_view wrapped) const;

    // Hex; stored beside a wrapped key, so that "the wrong master key" can be said.
    std::string id() const;

  private:
    friend result<MasterKey> ensure_master_key(const std::filesystem::path& file);
    using Bytes = Key<struct MasterKeyTag>;
    explicit MasterKey(const Bytes& key) : key_(key) {}
    Bytes key_;
};

// Loads the file; makes it (0600) if there is none. Of two processes that start at once, both
// end with the same key. An unreadable or damaged file is an error and never replaced: the
// secrets sealed under it would be lost.
result<MasterKey> ensure_master_key(const std::filesystem::path& file);

}  // namespace mw::crypto
