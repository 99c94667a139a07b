// What the loops say when they fail: once when something begins to fail, once when it is well
// again, and nothing in between, however often they try.
//
// The database or the object store being away is one state of the whole scheduler, not of each
// loop. Thread: the io thread.
#pragma once

#include <map>
#include <string>

#include "base/error.hpp"

namespace mw::scheduler {

class FailureLog {
  public:
    void failed(const std::string& loop, const Error& error);
    void succeeded(const std::string& loop);

    bool outage() const { return outage_; }

  private:
    struct Failure {
        bool outage = false;
        std::string what;
    };
    void note_outage(const Error& error);

    bool outage_ = false;
    // What each loop failed with last; absent when it is well.
    std::map<std::string, Failure> failing_;
};

}  // namespace mw::scheduler
