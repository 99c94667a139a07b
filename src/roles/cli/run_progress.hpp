// Shows a run as it goes: a line for each step and each node that ended, and on a terminal a
// bar below them. Fed with what the API says; draws only what is new.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <set>
#include <string>

#include "roles/cli/terminal.hpp"

namespace mw::cli {

class RunProgress {
  public:
    explicit RunProgress(Terminal& terminal) : terminal_(terminal) {}

    void update(const boost::json::object& run, const boost::json::array& nodes);
    // The last words: state, how long it took, the errors.
    void finish(const boost::json::object& run, const boost::json::array& nodes);

  private:
    void show_steps(const boost::json::array& steps);
    void show_nodes(const boost::json::array& nodes);
    void draw_bar(const boost::json::object& run, const boost::json::array& nodes);

    Terminal& terminal_;
    std::map<std::int64_t, std::int64_t> step_status_;
    std::set<std::string> nodes_shown_;
    std::string current_step_;
    std::int64_t current_index_ = 0;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace mw::cli
