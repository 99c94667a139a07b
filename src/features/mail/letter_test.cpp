#include "features/mail/letter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

RunReport failed_run() {
    RunReport report;
    report.run.run_id = 12;
    report.run.account_id = 1;
    report.run.project_id = 3;
    report.run.job_name = "Build the shop";
    report.run.project_name = "Shop";
    report.run.environment_name = "Production";
    report.run.status = 20;
    report.run.status_message = "dbt failed";
    report.run.cause = "scheduled";
    report.run.git_branch = "main";
    report.run.git_sha = "0bac31f4455667";
    report.run.created_at = parse_time("2026-01-01 10:00:00").value();
    report.run.started_at = parse_time("2026-01-01 10:00:05").value();
    report.run.finished_at = parse_time("2026-01-01 10:03:46").value();
    report.troubled = {{"orders", "model", "error", "Binder Error:\n  no column <b>x</b>"}};
    report.troubled_count = 1;
    return report;
}

TEST(RunLetter, SaysWhatFailedAndWhere) {
    auto letter =
        run_letter(failed_run(), "https://dbt.example.com", "https://dbt.example.com/u#k");
    EXPECT_EQ(letter.subject, "Build the shop failed (run #12, Shop)");
    EXPECT_EQ(letter.text,
              "Build the shop failed.\n\n"
              "Run: #12\nProject: Shop\nEnvironment: Production\nStarted by: scheduled\n"
              "Commit: main@0bac31f\nTook: 3 minutes, 41 seconds\nBecause: dbt failed\n\n"
              "- model orders: error\n    Binder Error:\n      no column <b>x</b>\n\n"
              "Open the run:\nhttps://dbt.example.com/deploy/1/projects/3/runs/12\n\n"
              "--\nNo longer send me these: https://dbt.example.com/u#k\n");
    EXPECT_THAT(letter.html,
                HasSubstr("href=\"https://dbt.example.com/deploy/1/projects/3/runs/12\""));
}

TEST(RunLetter, WhatPeopleNamedIsText) {
    auto report = failed_run();
    report.run.job_name = "<img src=x>\r\nBcc: everybody@example.com";
    auto letter = run_letter(report, "https://h", "");
    EXPECT_EQ(letter.subject, "<img src=x>  Bcc: everybody@example.com failed (run #12, Shop)");
    EXPECT_THAT(letter.html, Not(HasSubstr("<img")));
    EXPECT_THAT(letter.html, Not(HasSubstr("<b>x</b>")));
    EXPECT_THAT(letter.text, Not(HasSubstr("No longer send")));
}

TEST(RunLetter, AGoodRunIsShort) {
    RunReport report = failed_run();
    report.run.status = 10;
    report.run.status_message.reset();
    report.troubled.clear();
    report.troubled_count = 0;
    auto letter = run_letter(report, "https://h", "");
    EXPECT_THAT(letter.subject, HasSubstr("succeeded (run"));
    EXPECT_THAT(letter.text, Not(HasSubstr("Because")));
    report.troubled_count = 3;
    EXPECT_THAT(run_letter(report, "https://h", "").subject, HasSubstr("succeeded with warnings"));
    EXPECT_THAT(run_letter(report, "https://h", "").text, HasSubstr("and 3 more."));
    report.run.status = 30;
    EXPECT_THAT(run_letter(report, "https://h", "").subject, HasSubstr("was cancelled"));
}

TEST(ModelsLetter, SaysWhatBecameOfAnOwnersNodes) {
    auto run = failed_run().run;
    auto letter = models_letter(run,
                                {{"orders", "model", "error", "Binder Error"},
                                 {"customers", "model", "success", "CREATE TABLE"}},
                                "https://h");
    EXPECT_EQ(letter.subject, "1 of your nodes did not go well (run #12 of Build the shop)");
    EXPECT_THAT(letter.text, HasSubstr("- model orders: error\n    Binder Error\n"));
    EXPECT_THAT(letter.text, HasSubstr("- model customers: success\n"));
    EXPECT_THAT(letter.text, Not(HasSubstr("CREATE TABLE")));
    EXPECT_THAT(models_letter(run, {{"a", "model", "success", {}}}, "https://h").subject,
                HasSubstr("1 of your nodes went well"));
}

TEST(Letters, HaveTheirLinkInBothParts) {
    for (const auto& letter : {invitation_letter("Bank & Co", "ann@example.com", "https://h/i#t"),
                               password_reset_letter("https://h/i#t")}) {
        EXPECT_THAT(letter.text, HasSubstr("https://h/i#t"));
        EXPECT_THAT(letter.html, HasSubstr("\"https://h/i#t\""));
    }
    EXPECT_EQ(invitation_letter("Bank & Co", "ann", "x").subject, "You are invited to Bank & Co");
    EXPECT_THAT(invitation_letter("Bank & Co", "ann", "x").html, HasSubstr("Bank &amp; Co"));
}

}  // namespace
}  // namespace mw::mail
