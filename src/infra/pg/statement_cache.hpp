// Which statements a connection's server has already parsed and planned. Pure.
//
// A text is worth preparing when it comes a second time: what comes once, such as a migration or a
// list that nobody asks for again, would only cost a round trip more. Bounded: plans take memory in
// the server, in each connection's process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mw::pg {

class StatementCache {
  public:
    explicit StatementCache(std::size_t most) : most_(most) {}

    struct Advice {
        std::string name;  // of the prepared statement; empty: send the text as it is
        bool prepare = false;
        std::optional<std::string> remove = {};  // a statement that has to make room for it
    };
    // What to do with a text that is about to be sent.
    Advice advise(std::string_view sql);
    // The server does not have it, or not any more.
    void forget(std::string_view sql);
    // The server has it under the name that was advised.
    void prepared(std::string_view sql);

  private:
    struct Entry {
        std::string sql;
        std::string name;
        bool is_prepared = false;
    };
    using Entries = std::list<Entry>;  // the last used first; its texts are the keys below

    std::optional<std::string> make_room();

    std::size_t most_;
    std::uint64_t names_ = 0;
    Entries entries_;
    std::unordered_map<std::string_view, Entries::iterator> by_sql_;
};

}  // namespace mw::pg
