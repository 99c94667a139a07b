#include "roles/runner/command/deferred_state.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::StartsWith;

class DeferredStateTest : public testing::Test {
  protected:
    ~DeferredStateTest() override { fs::remove_all(workspaces_); }

    DeferralSpec spec(Id run_id) {
        return {.target = "environment Production",
                .run_id = run_id,
                .job_name = "Nightly",
                .environment_name = "Production",
                .finished_at = "2026-01-01T00:00:00Z",
                .artifacts = {"manifest.json"}};
    }
    std::string command(const DeferredState& state, std::string_view text,
                        EnvironmentMap environment = {}) {
        auto command = *dbt::parse_command(text);
        state.add_to(command, environment);
        return dbt::to_text(command.argv);
    }
    std::string retry(const DeferredState& state) {
        auto command = *dbt::parse_command("dbt retry");
        state.add_to_retry(command);
        return dbt::to_text(command.argv);
    }

    fs::path workspaces_ = fs::temp_directory_path() / fmt::format("deferred-{}", ::getpid());
    Workspace workspace_ = Workspace::create(workspaces_, 1).value();
};

TEST_F(DeferredStateTest, CommandsGetTheFolderWhenThereIsARun) {
    auto folder = workspace_.deferred().string();
    DeferredState state(spec(12), workspace_);
    EXPECT_EQ(command(state, "dbt build"), "build --defer --state " + folder);
    EXPECT_EQ(command(state, "dbt build", {{"DBT_STATE", "x"}}), "build");
    EXPECT_EQ(retry(state), "retry --defer-state " + folder);
    workspace_.confine();
    EXPECT_EQ(command(state, "dbt build"), "build --defer --state /workspace/deferred");
    EXPECT_EQ(retry(state), "retry");
    for (auto none : {std::optional<DeferralSpec>(), std::optional(spec(0))}) {
        DeferredState without(none, workspace_);
        EXPECT_EQ(command(without, "dbt build"), "build");
        EXPECT_EQ(retry(without), "retry");
    }
}

TEST_F(DeferredStateTest, ExplainsWhatDbtCannotKnow) {
    constexpr auto kNoManifest = "Got a state selector method, but no comparison manifest";
    DeferredState none({}, workspace_);
    EXPECT_THAT(none.explain(kNoManifest), HasSubstr("the job defers to none"));
    EXPECT_THAT(none.explain("--state or --defer-state are required for deferral, but neither"),
                StartsWith("The command needs manifest.json of an earlier run"));
    EXPECT_EQ(none.explain("Database Error in model a"), "");
    DeferredState not_yet(spec(0), workspace_);
    EXPECT_THAT(not_yet.explain(kNoManifest),
                HasSubstr("no run of environment Production has succeeded and left"));
    DeferredState found(spec(12), workspace_);
    EXPECT_EQ(found.explain(kNoManifest), "");
    EXPECT_THAT(found.explain("Internal Error\n  No comparison run_results"),
                HasSubstr("run 12, which this run defers to, has left none"));
    EXPECT_THAT(found.explain("No previous state comparison freshness results in sources.json"),
                HasSubstr("sources.json"));
    EXPECT_THAT(found.explain("No current state comparison freshness results in sources.json"),
                HasSubstr("`dbt source freshness`"));
}

}  // namespace
}  // namespace mw::runner
