#include "roles/runner/connection_check.hpp"

#include <gtest/gtest.h>

namespace mw::runner {
namespace {

TEST(AdapterWords, AreTakenOutOfWhatDbtCore1Says) {
    EXPECT_EQ(adapter_words("  Connection test: [ERROR]\n\n1 check failed:\n"
                            "dbt was unable to connect to the specified database.\n"
                            "The database returned the following error:\n\n"
                            "  >Database Error\n  connection to server failed: FATAL:  no\n  \n\n"
                            "Check your database credentials and try again. For more …\n"),
              "Database Error\nconnection to server failed: FATAL:  no");
}

TEST(AdapterWords, AreTakenOutOfWhatDbtCore2Says) {
    EXPECT_EQ(adapter_words("[error] [AuthenticationFailed (dbt1011)]: dbt was unable to connect.\n"
                            "The following error was returned:\n\nIO Error: no such file\n\n"
                            "Check your database credentials and try again.\n   0: <unknown>\n"),
              "IO Error: no such file");
}

TEST(AdapterWords, AreNoneWhereThereAreNone) {
    EXPECT_EQ(adapter_words(""), "");
    EXPECT_EQ(adapter_words("All checks passed!\n"), "");
    EXPECT_EQ(adapter_words("The database returned the following error:"), "");
    EXPECT_EQ(adapter_words("returned the following error:\n\nCheck your database credentials"),
              "");
}

}  // namespace
}  // namespace mw::runner
