// `millwright confine`, started by a worker; its descriptors are in confined_program.hpp.
#pragma once

namespace mw::confine {

// Ends as the program does that it became; with 125 when it could not be started.
int run_confine();

}  // namespace mw::confine
