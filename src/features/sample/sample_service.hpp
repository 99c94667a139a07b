// The sample's account, sign-in, project and environments, in the database.
//
// Errors: what the stores say; nothing is left half-made when the caller's transaction ends
// without a commit.
#pragma once

#include <filesystem>
#include <string>

#include "base/layout.hpp"
#include "features/sample/sample_store.hpp"
#include "infra/crypto/sealed.hpp"

namespace mw::sample {

inline constexpr const char* kEmail = "admin@millwright.local";

// Of the new password and the new token, which can't be read back from the database.
struct SampleSignIn {
    std::string password_hash;
    std::string token_hash;
};

// Makes what is missing and keeps what is there, but for password and token. The project's
// repository is the bare one at `repository`. In the caller's transaction.
boost::asio::awaitable<result<LoadedSample>> load_sample(pg::Connection& connection,
                                                         const crypto::Sealer& sealer,
                                                         const Layout& layout,
                                                         const std::filesystem::path& repository,
                                                         const SampleSignIn& sign_in);

}  // namespace mw::sample
