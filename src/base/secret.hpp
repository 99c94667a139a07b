// A string that does not print: it formats as "***", and its memory is wiped when it goes.
#pragma once

#include <cstring>
#include <string>
#include <utility>

namespace mw {

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe();
            value_ = std::move(other.value_);
            other.wipe();
        }
        return *this;
    }
    ~Secret() { wipe(); }

    // The value itself; for the one place that needs it.
    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

  private:
    void wipe() {
        ::explicit_bzero(value_.data(), value_.size());
        value_.clear();
    }
    std::string value_;
};

}  // namespace mw
