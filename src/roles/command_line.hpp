// The table of subcommands: what each is called, which options it takes, which role it starts.
#pragma once

namespace mw {

// The process's exit code. Usage errors say what is wrong.
int run_command_line(int argc, char** argv);

}  // namespace mw
