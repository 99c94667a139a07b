// One binary, many roles: see roles/command_line.cpp for the table.
#include "roles/command_line.hpp"

int main(int argc, char** argv) {
    return mw::run_command_line(argc, argv);
}
