// Bare repositories in folders of ours.
//
// Errors: internal, with git's words as the detail. Thread: one io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "infra/http/server/message.hpp"

namespace mw::git {

namespace asio = boost::asio;

// The largest push, in bytes, as git counts it.
inline constexpr std::uint64_t kMostPushedBytes = 512UL * 1024 * 1024;

// An empty repository in `folder`, which must not exist; its first branch is to be "main".
asio::awaitable<result<>> make_bare(std::filesystem::path folder);

asio::awaitable<result<bool>> has_commits(std::filesystem::path folder);

// The files of the latest commit of the default branch, below `name`/ in a ZIP archive, as they
// are packed. Errors: conflict when there is no commit yet.
asio::awaitable<result<http::BodyStream>> zip_of(std::filesystem::path folder, std::string name);

}  // namespace mw::git
