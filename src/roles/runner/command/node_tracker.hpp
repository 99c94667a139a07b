// From dbt's events to the states of a run's nodes, and to the words for why a command failed.
// Pure.
//
// A node is shown once dbt has announced it ("3 of 61 START …") or skipped it, and again when it
// has finished; a node that merely was compiled (docs, compile) is shown only if that failed.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dbt/event.hpp"

namespace mw::runner {

class NodeTracker {
  public:
    enum class Relations { left_out, told };
    // `told`: where a node that begins writes to is in its state, for a run whose schemas are to
    // be dropped some day.
    explicit NodeTracker(Relations relations = Relations::left_out) : relations_(relations) {}

    // The node's new state with the fields of the workers' API, when the event changes one.
    std::optional<boost::json::object> take(const dbt::Event& event);

    // The states of nodes that were begun and never finished, for a command that was cut off.
    std::vector<boost::json::object> close_open(std::string_view message);

    // Why the command failed, as one line: dbt's own error, or how many nodes failed and the
    // first of them. `error` is what the engine gave. Empty when neither says anything.
    std::string headline(const std::optional<std::string>& error) const;

  private:
    struct Open {
        dbt::NodeInfo node;
        std::optional<std::int64_t> index;
        std::optional<std::int64_t> total;
        bool finished = false;
    };

    void note_failure(const dbt::NodeInfo& node);

    Relations relations_;

    std::map<std::string, Open> nodes_;
    int failures_ = 0;
    std::string first_failure_;
    std::int64_t total_ = 0;
    std::string last_error_;
};

// The first line that says something, with the next one added when it is only a title
// ("Compilation Error"); colours taken out; at most 300 bytes.
std::string first_words(std::string_view text);

// At most `max_bytes` and an ellipsis, cut between characters.
std::string cut_text(std::string text, std::size_t max_bytes);

}  // namespace mw::runner
