#include "roles/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <string_view>

#include "base/layout.hpp"
#include "base/settings.hpp"
#include "roles/app/app.hpp"
#include "roles/cli/engine_command.hpp"
#include "roles/cli/job_command.hpp"
#include "roles/cli/limits_command.hpp"
#include "roles/cli/password_command.hpp"
#include "roles/cli/sample_command.hpp"
#include "roles/confine/confine.hpp"
#include "roles/gateway/gateway.hpp"
#include "roles/runner/connection_check.hpp"
#include "roles/runner/worker.hpp"
#include "roles/scheduler/scheduler.hpp"
#include "roles/supervisor/control.hpp"
#include "roles/supervisor/supervisor.hpp"

namespace mw {
namespace {

constexpr int kCannotStart = 1;

// Flags that any role takes; each overrides the setting of its name.
struct CommonFlags {
    std::string config;
    std::string data_dir;
    std::string port;

    result<Settings> settings() const {
        MW_TRY(auto settings, Settings::load(config));
        if (!data_dir.empty()) settings.set("DATA_DIR", data_dir);
        if (!port.empty()) settings.set("PORT", port);
        return settings;
    }
};

int complain(const Error& error) {
    fmt::print(stderr, "millwright: {}\n", error.message);
    return kCannotStart;
}

int with_settings(const CommonFlags& flags, const std::function<int(const Settings&)>& start) {
    auto settings = flags.settings();
    return settings ? start(*settings) : complain(settings.error());
}

int with_layout(const CommonFlags& flags,
                const std::function<int(const Settings&, const Layout&)>& start) {
    return with_settings(flags, [&](const Settings& settings) {
        auto layout = Layout::from(settings);
        return layout ? start(settings, *layout) : complain(layout.error());
    });
}

// Subcommands put what is to be done here; it runs after parsing.
using Action = std::function<int()>;

void add_appliance(CLI::App& app, CommonFlags& flags, Action& action) {
    auto* up = app.add_subcommand("up", "Start the whole appliance on this machine");
    up->callback([&] {
        action = [&] {
            return with_settings(flags, [](const Settings& settings) {
                return supervisor::run_supervisor(settings);
            });
        };
    });
    auto* down = app.add_subcommand("down", "Stop the appliance");
    down->callback([&] { action = [&] { return with_settings(flags, supervisor::run_down); }; });

    auto* status = app.add_subcommand("status", "Show what runs");
    auto as_json = std::make_shared<bool>(false);
    status->add_flag("--json", *as_json, "One JSON object");
    status->callback([&, as_json] {
        action = [&, as_json] {
            return with_settings(flags, [as_json](const Settings& settings) {
                return supervisor::run_status(settings, *as_json);
            });
        };
    });
}

void add_roles(CLI::App& app, CommonFlags& flags, Action& action) {
    using Start = int (*)(const Settings&, const Layout&);
    struct Role {
        const char* name;
        const char* help;
        Start start;
    };
    static constexpr Role kRoles[] = {
        {"gateway", "Role: TLS, static files, proxy", gateway::run_gateway},
        {"app", "Role: the API server", app::run_app},
        {"scheduler", "Role: decides what runs when", scheduler::run_scheduler},
        {"run", "Role: executes one run (started by the scheduler)", runner::run_worker},
        {"connection-test", "Role: tests one connection (started by the scheduler)",
         runner::run_connection_test},
    };
    for (const auto& role : kRoles) {
        auto* command = app.add_subcommand(role.name, role.help)->group("Roles");
        command->callback(
            [&, start = role.start] { action = [&, start] { return with_layout(flags, start); }; });
    }
}

void add_job_commands(CLI::App& app, Action& action) {
    auto* job = app.add_subcommand("job", "Work with jobs over the API")->require_subcommand(1);
    auto* run = job->add_subcommand("run", "Trigger a job");
    auto options = std::make_shared<cli::JobRunOptions>();
    run->add_option("job", options->job, "Id or name of the job")->required();
    run->add_option("--cause", options->cause, "Why, as the run shows it");
    run->add_option("--branch", options->git_branch, "Git branch to run instead of the default");
    run->add_option("--step", options->steps, "Steps to run instead of the job's (repeat it)");
    run->add_flag("--wait", options->wait, "Follow the run; exit 0 success, 1 error, 2 cancelled");
    run->add_flag("--json", options->json, "Print the run as JSON");
    run->add_option("--demo-file", options->demo_file, "File with url and token");
    run->callback([&action, options] { action = [options] { return cli::run_job(*options); }; });

    auto* runs = app.add_subcommand("runs", "List runs over the API");
    auto listing = std::make_shared<cli::RunsOptions>();
    runs->add_option("--job", listing->job, "Only those of this job (id or name)");
    runs->add_option("--limit", listing->limit, "How many")->check(CLI::Range(1, 100));
    runs->add_option("--cancel", listing->cancel, "Cancel this run instead");
    runs->add_flag("--json", listing->json, "Print them as JSON");
    runs->add_option("--demo-file", listing->demo_file, "File with url and token");
    runs->callback([&action, listing] { action = [listing] { return cli::list_runs(*listing); }; });
}

void add_limits_command(CLI::App& admin, CommonFlags& flags, Action& action) {
    auto* limits = admin.add_subcommand("limits",
                                        "What each run of an account may use; 0: no "
                                        "limit. Prints the limits as they then are");
    auto options = std::make_shared<cli::LimitsOptions>();
    limits->add_option("--account", options->account, "Its id")->required();
    limits->add_option("--memory-mb", options->memory_mb, "Memory, in MiB");
    limits->add_option("--cpus", options->cpus, "Processors, such as 1.5");
    limits->add_option("--processes", options->processes, "Processes and threads");
    limits->callback([&, options] {
        action = [&, options] {
            return with_layout(flags, [options](const Settings&, const Layout& layout) {
                return cli::account_limits(layout, *options);
            });
        };
    });
}

void add_password_command(CLI::App& admin, CommonFlags& flags, Action& action) {
    auto* reset = admin.add_subcommand("reset-password",
                                       "Print a link by which somebody sets a new password; it is "
                                       "good once, for a day");
    auto options = std::make_shared<cli::PasswordOptions>();
    reset->add_option("email", options->email, "E-mail address they sign in with")->required();
    reset->add_flag("--remove-second-factor", options->remove_second_factor,
                    "Also take away the second factor, which they have lost");
    reset->add_flag("--allow-passwords", options->allow_passwords,
                    "Also let the members of their account sign in by password, where only an "
                    "identity provider is allowed");
    reset->callback([&, options] {
        action = [&, options] {
            return with_layout(flags, [options](const Settings&, const Layout& layout) {
                return cli::reset_password(layout, *options);
            });
        };
    });
}

void add_admin_commands(CLI::App& app, CommonFlags& flags, Action& action) {
    auto* admin = app.add_subcommand("admin", "The operator's commands")->require_subcommand(1);
    auto* sample = admin->add_subcommand("sample",
                                         "Load the sample project; prints its ids and "
                                         "a fresh sign-in as JSON");
    sample->callback([&] {
        action = [&] {
            return with_layout(flags, [](const Settings&, const Layout& layout) {
                return cli::load_sample(layout);
            });
        };
    });
    add_limits_command(*admin, flags, action);
    add_password_command(*admin, flags, action);
    cli::add_engine_commands(app, [&](cli::EngineAction engine_action) {
        action = [&, engine_action] { return with_layout(flags, engine_action); };
    });
}

}  // namespace

int run_command_line(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "confine") return confine::run_confine();
    CLI::App app{"Millwright: the self-hosted home of dbt jobs", "millwright"};
    app.set_version_flag("--version", std::string("millwright ") + MILLWRIGHT_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    CommonFlags flags;
    Action action;
    app.add_option("--config", flags.config, "Config file with MILLWRIGHT_… keys");
    app.add_option("--data-dir", flags.data_dir, "Folder of the appliance (MILLWRIGHT_DATA_DIR)");
    app.add_option("--port", flags.port, "HTTPS port (MILLWRIGHT_PORT)");
    add_appliance(app, flags, action);
    add_roles(app, flags, action);
    add_job_commands(app, action);
    add_admin_commands(app, flags, action);
    CLI11_PARSE(app, argc, argv);
    return action();
}

}  // namespace mw
