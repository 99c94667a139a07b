// The web application's files, read into memory once: a request then touches no disk, so that no
// path of a request can ever reach one. Symbolic links and hidden files are not taken.
//
// Text is kept gzip-compressed beside the plain form, and as Brotli where the build left that
// beside it (index.js.br): packing as tightly takes too long for a start. Files that a build names
// by their content
// (/assets/name-hash.ext) may be kept by a browser for ever; all others are asked for again,
// with their ETag.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "infra/http/proxy/rules.hpp"

namespace mw::proxy {

struct StaticResponse {
    int status = 200;
    HeaderList headers;
    // Not sent for HEAD and 304, but its length is told for HEAD.
    std::shared_ptr<const std::string> body;
};

class StaticFiles {
  public:
    // Errors: not_found without the folder, limit_exceeded for a file over 32 MiB or more than
    // 256 MiB in all. Blocking.
    static result<StaticFiles> load(const std::filesystem::path& folder);

    // The answer to a request for `path` (decoded).
    StaticResponse answer(const RequestHead& head, std::string_view path) const;

    std::size_t count() const { return files_.size(); }

  private:
    struct File {
        std::string content_type;
        std::string etag;
        bool immutable = false;
        std::shared_ptr<const std::string> plain;
        std::shared_ptr<const std::string> gzip;    // null when it would not be smaller
        std::shared_ptr<const std::string> brotli;  // null unless the build made it
    };
    void take_brotli();
    static File make_file(std::string_view path, std::string content);
    StaticResponse serve(const File& file, const RequestHead& head) const;

    std::map<std::string, File, std::less<>> files_;  // by path: "/assets/app-1f2e3d4c.js"
};

// A short page of our own, for what is neither a file nor the app's business.
StaticResponse plain_page(int status, std::string_view text);

}  // namespace mw::proxy
