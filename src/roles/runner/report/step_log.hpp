// The log of one step: what it writes goes to the app through the run's LogShipper.
#pragma once

#include <string_view>

#include "roles/runner/report/log_shipper.hpp"

namespace mw::runner {

class StepLog {
  public:
    StepLog(LogShipper& shipper, int step) : shipper_(&shipper), step_(step) {}

    void debug(std::string_view text) const { shipper_->add(step_, LineLevel::debug, text); }
    void info(std::string_view text) const { shipper_->add(step_, LineLevel::info, text); }
    void warn(std::string_view text) const { shipper_->add(step_, LineLevel::warn, text); }
    void error(std::string_view text) const { shipper_->add(step_, LineLevel::error, text); }

    LogShipper& shipper() const { return *shipper_; }
    int step() const { return step_; }

  private:
    LogShipper* shipper_;
    int step_;
};

}  // namespace mw::runner
