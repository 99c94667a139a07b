// dbt's documentation page, taken apart where the files that it shows are to be written into it.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::docs_site {

// A part of the page: text as it is, or the whole of a file (a name, no path).
struct Part {
    std::string text;
    std::string file;
};

// `not_found`, with what to do, for a page without these places: one of dbt before 1.7, or another
// page altogether.
result<std::vector<Part>> parts_of_page(std::string_view index_html);

// JSON as a script may hold it: nothing in it ends the script.
std::string in_script(std::string json);

}  // namespace mw::docs_site
