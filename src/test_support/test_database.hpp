// Databases on a real, throwaway PostgreSQL server for tests.
//
// Errors: exceptions, which fail the test that asked. Call from the test's main thread: the
// server is started by the first call and dies with the thread that started it.
#pragma once

#include <optional>
#include <string>

#include "infra/process/process.hpp"

namespace mw::test {

// libpq connection string of a new database with every migration applied, for this caller
// alone. Databases live as long as the test program.
std::string test_database();

// The same without any table.
std::string empty_test_database();

// An unprivileged user to run servers as when the tests run as root; empty otherwise.
std::optional<process::Identity> unprivileged_identity();

// Its name, or that of the user of this process.
std::string unprivileged_user();

}  // namespace mw::test
