// Which models a run has built, and where, told by dbt's events. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "dbt/event.hpp"

namespace mw::runner {

class BuiltModels {
  public:
    // A model that merely was compiled is not built.
    void take(const dbt::Event& event);
    // What a later command has built counts, and what it failed at does no more.
    void add(const BuiltModels& later);
    // Those that the run had built that this one takes up; the text is its run_results.json, which
    // may be none.
    void take_results(std::string_view run_results);

    bool has(const std::string& unique_id) const;
    // As the adapter writes it; empty when no event has told.
    std::string relation_of(const std::string& unique_id) const;

  private:
    struct Model {
        std::string relation;
        bool built = false;
    };
    std::map<std::string, Model> models_;
};

}  // namespace mw::runner
