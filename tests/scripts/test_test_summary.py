"""scripts/test-summary: the counts of every runner, and no failure lost."""

import json
import pathlib
import subprocess
import sys

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "test-summary"


def run(folder, *suites):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), *suites],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


def summary(folder, *suites):
    code, lines = run(folder, *suites)
    return code, lines[-1]


def failures(folder, *suites):
    _, lines = run(folder, *suites)
    return [line.strip() for line in lines if "failed: " in line]


def write(folder, name, content):
    folder.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / name).write_text(text)


def gtest(passed, failed=0, skipped=0):
    cases = [{"result": "COMPLETED"}] * (passed + failed) + [{"result": "SKIPPED"}] * skipped
    return {
        "tests": len(cases),
        "failures": failed,
        "disabled": 0,
        "errors": 0,
        "testsuites": [{"testsuite": cases}],
    }


def vitest(passed, failed=0, files=()):
    return {
        "numPassedTests": passed,
        "numFailedTests": failed,
        "numPendingTests": 0,
        "testResults": list(files),
    }


def test_sums_all_runners(tmp_path):
    write(tmp_path / "unit", "base_test.json", gtest(3))
    write(tmp_path / "unit", "other_test.json", gtest(2, failed=1, skipped=1))
    write(tmp_path / "web", "vitest.json", vitest(5))
    write(tmp_path / "web", "checks", "passed lint\nfailed types\n")
    xml = '<testsuites><testsuite tests="4" failures="1" errors="1" skipped="1"/></testsuites>'
    write(tmp_path / "python", "x.xml", xml)
    assert summary(tmp_path, "unit", "web", "python") == (1, "12 passed, 4 failed")


def test_all_good_exits_with_0(tmp_path):
    write(tmp_path / "unit", "base_test.json", gtest(3))
    assert summary(tmp_path, "unit") == (0, "3 passed, 0 failed")


def test_nothing_run_is_no_success(tmp_path):
    assert summary(tmp_path, "unit")[0] == 1
    write(tmp_path / "unit", "base_test.log", "no report")
    assert summary(tmp_path, "unit")[0] == 1


def test_a_report_that_cannot_be_read_is_a_failure(tmp_path):
    write(tmp_path / "unit", "good_test.json", gtest(1))
    write(tmp_path / "unit", "bad_test.json", '{"tests": ')
    write(tmp_path / "unit", "bad.xml", "<testsuites>")
    assert summary(tmp_path, "unit") == (1, "1 passed, 2 failed")


def test_a_web_file_that_does_not_load_is_a_failure(tmp_path):
    broken = {"status": "failed", "assertionResults": []}
    write(tmp_path / "web", "vitest.json", vitest(2, files=[broken]))
    assert summary(tmp_path, "web") == (1, "2 passed, 1 failed")


def test_names_what_failed(tmp_path):
    cases = [{"name": "Counts", "failures": [{}]}, {"name": "Adds"}]
    report = gtest(1, failed=1) | {"testsuites": [{"name": "Sum", "testsuite": cases}]}
    for case in cases:
        case["result"] = "COMPLETED"
    write(tmp_path / "unit", "sum_test.json", report)
    tests = [{"status": "failed", "fullName": "list shows"}, {"status": "passed"}]
    file = {"name": "/x/list.test.tsx", "status": "failed", "assertionResults": tests}
    write(tmp_path / "web", "vitest.json", vitest(1, failed=1, files=[file]))
    write(tmp_path / "web", "checks", "passed lint\nfailed types\n")
    xml = (
        '<testsuites><testsuite tests="2" failures="1"><testcase classname="test_a" name="test_b">'
        '<failure message="1 is\n not 2"/></testcase><testcase classname="test_a" name="test_c"/></testsuite></testsuites>'
    )
    write(tmp_path / "python", "x.xml", xml)
    assert failures(tmp_path, "unit", "web", "python") == [
        "failed: unit: Sum.Counts",
        "failed: web: types",
        "failed: web: list.test.tsx: list shows",
        "failed: python: test_a::test_b 1 is not 2",
    ]
