// What reading a cron field and putting it into words share. Private to this folder; pure.
#pragma once

#include <string_view>
#include <vector>

namespace mw::schedules {

// The parts between separators, empty ones too; views into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace mw::schedules
