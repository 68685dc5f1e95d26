#include "app/sandbox/parts/logform.h"

namespace pilothouse::sandbox {

namespace {

constexpr const char *packages[] = {
    "alembic 1.16.5",
    "annotated-types 0.7.0",
    "anyio 4.11.0",
    "bandit 1.8.6",
    "black 25.9.0",
    "certifi 2025.8.3",
    "click 8.3.0",
    "coverage 7.10.7",
    "fastapi 0.117.1",
    "greenlet 3.2.4",
    "h11 0.16.0",
    "httpcore 1.0.9",
    "httpx 0.28.1",
    "idna 3.10",
    "iniconfig 2.1.0",
    "mako 1.3.10",
    "markdown-it-py 4.0.0",
    "markupsafe 3.0.2",
    "mdurl 0.1.2",
    "mypy 1.18.2",
    "mypy-extensions 1.1.0",
    "packaging 25.0",
    "pathspec 0.12.1",
    "pip-audit 2.9.0",
    "platformdirs 4.4.0",
    "pluggy 1.6.0",
    "prometheus-client 0.23.1",
    "psycopg 3.2.10",
    "pydantic 2.11.9",
    "pydantic-core 2.33.2",
    "pygments 2.19.2",
    "pytest 8.4.2",
    "pytest-cov 7.0.0",
    "redis 6.4.0",
    "rich 14.1.0",
    "ruff 0.13.2",
    "sniffio 1.3.1",
    "sqlalchemy 2.0.43",
    "starlette 0.48.0",
    "stevedore 5.5.0",
    "typing-extensions 4.15.0",
    "uvicorn 0.35.0",
};

constexpr const char *unitModules[] = {
    "accesslog", "accounts", "cache",   "conversations", "db",       "errors", "importer",
    "metrics",   "paging",   "ranking", "search",        "settings", "tokens", "words",
};

QByteArrayList poetryInstall(const QString &release)
{
    QByteArrayList lines = usesHeader("./.github/actions/poetry", {"groups: dev"});
    lines << "##[group]Run actions/setup-python@v5"
          << "with:"
          << "  python-version: 3.11"
          << "##[endgroup]"
          << "##[group]Installed versions"
          << "Successfully set up CPython (3.11.13)"
          << "##[endgroup]";
    lines += runHeader("pipx install poetry==1.8.5");
    lines << "  installed package " + coloured("1", "poetry 1.8.5")
                 + ", installed using Python 3.11.13"
          << "done! \xe2\x9c\xa8 \xf0\x9f\x8c\x9f \xe2\x9c\xa8";
    lines += runHeader("poetry install --with dev");
    lines << "Creating virtualenv coditect-dev-context in the project's folder"
          << coloured("34", "Installing dependencies from lock file") << ""
          << coloured("39;1", "Package operations") + ": " + coloured("34", "42") + " installs, "
                 + coloured("34", "0") + " updates, " + coloured("34", "0") + " removals"
          << "";
    for (const char *package : packages) {
        QByteArray name = package;
        if (release == QLatin1String("c41d77e"))
            name.replace("fastapi 0.117.1", "fastapi 0.118.0");
        const QByteArrayList parts = name.split(' ');
        lines << "  - Installing " + coloured("36", parts[0]) + " (" + coloured("32", parts[1])
                     + ")";
    }
    return lines << ""
                 << coloured("39;1", "Installing")
                        + " the current project: " + coloured("36", "coditect-dev-context") + " ("
                        + coloured("32", "0.9.0") + ")";
}

QByteArrayList dockerBuild(const QByteArray &image, const QByteArray &file, const QByteArray &sha,
                           Sequence &sequence)
{
    QByteArrayList lines
        = usesHeader("docker/build-push-action@v6",
                     {"file: " + file, "tags: " + image + ":" + sha, "push: true"});
    lines << "#1 [internal] load build definition from " + file
          << "#1 transferring dockerfile: 412B done"
          << "#1 DONE 0.0s"
          << "#2 [internal] load metadata for python:3.11-slim"
          << "#2 DONE 0.8s"
          << "#3 [1/5] FROM python:3.11-slim@sha256:" + sequence.hex(64);
    for (int layer = 0; layer < 5; ++layer)
        lines << "#3 sha256:" + sequence.hex(64) + ' ' + QByteArray::number(2 + sequence.below(28))
                     + "." + QByteArray::number(10 + sequence.below(89)) + "MB done";
    lines << "#3 DONE 2.4s"
          << "#4 [2/5] COPY pyproject.toml poetry.lock ./"
          << "#4 DONE 0.1s"
          << "#5 [3/5] RUN pip install --no-cache-dir poetry==1.8.5 && poetry install --only main";
    int hundredth = 40;
    for (const char *package : packages) {
        hundredth += 4 + sequence.below(30);
        lines << "#5 " + QByteArray::number(double(hundredth) / 100, 'f', 2) + "   - Installing "
                     + QByteArray(package).split(' ').first();
    }
    return lines << "#5 DONE 14.2s"
                 << "#6 [4/5] COPY core core"
                 << "#6 DONE 0.1s"
                 << "#7 exporting to image"
                 << "#7 exporting layers 1.9s done"
                 << "#7 pushing manifest for " + image + ":" + sha + "@sha256:" + sequence.hex(64)
                 << "#7 DONE 3.1s";
}

QByteArrayList unitReport(Sequence &sequence)
{
    QByteArrayList lines
        = runHeader("poetry run pytest tests/unit/ --cov=core --cov=standalone --cov-branch "
                    "--cov-fail-under=80 --cov-report=xml");
    lines << coloured("1", "============================= test session starts "
                           "==============================")
          << "platform linux -- Python 3.11.13, pytest-8.4.2, pluggy-1.6.0"
          << "collected 318 items"
          << "";
    int done = 0;
    constexpr int modules = int(std::size(unitModules));
    for (int i = 0; i < modules; ++i) {
        const int upTo = 318 * (i + 1) / modules;
        QByteArray line = QByteArray("tests/unit/test_") + unitModules[i] + ".py "
                          + coloured("32", QByteArray(upTo - done, '.'));
        done = upTo;
        lines << line
                     + coloured("32", "  [" + QByteArray::number(done * 100 / 318).rightJustified(3)
                                          + "%]");
    }
    lines << ""
          << "---------- coverage: platform linux, python 3.11.13-final-0 ----------"
          << "Name                      Stmts   Miss Branch BrPart  Cover"
          << "-------------------------------------------------------------";
    for (const char *module : unitModules) {
        const int statements = 60 + sequence.below(190);
        const int missed = statements * (8 + sequence.below(14)) / 100;
        lines << QByteArray("core/").append(module).append(".py").leftJustified(24)
                     + QByteArray::number(statements).rightJustified(7)
                     + QByteArray::number(missed).rightJustified(7)
                     + QByteArray::number(statements / 5).rightJustified(7)
                     + QByteArray::number(missed / 3).rightJustified(7)
                     + QByteArray::number(100 - 100 * missed / statements).rightJustified(6) + '%';
    }
    return lines << "-------------------------------------------------------------"
                 << "TOTAL                      2148    301    430     86  84.1%"
                 << "Coverage XML written to file coverage.xml"
                 << ""
                 << coloured("32", "Required test coverage of 80% reached. Total coverage: 84.10%")
                 << coloured("32", "============================= 318 passed in 21.76s "
                                   "=============================");
}

QByteArrayList bandit()
{
    QByteArrayList lines = runHeader(
        "poetry run bandit -r core/ standalone/ --severity-level low --exit-zero -f txt");
    return lines << "[main]\tINFO\tprofile include tests: None"
                 << "[main]\tINFO\trunning on Python 3.11.13"
                 << "Run started"
                 << ""
                 << "Test results:"
                 << coloured("33", ">> Issue: [B110:try_except_pass] Try, Except, Pass detected.")
                 << "   Severity: Low   Confidence: High"
                 << "   Location: core/cache.py:26:8"
                 << ""
                 << coloured("33", ">> Issue: [B404:blacklist] Consider possible security "
                                   "implications associated with the subprocess module.")
                 << "   Severity: Low   Confidence: High"
                 << "   Location: core/words.py:4:0"
                 << ""
                 << "Code scanned:"
                 << "\tTotal lines of code: 3107"
                 << ""
                 << "Run metrics:"
                 << "\tTotal issues (by severity):"
                 << "\t\tLow: 2"
                 << "\t\tMedium: 0"
                 << "\t\tHigh: 0";
}

QByteArrayList lintReport(const QString &job)
{
    if (job.contains(QLatin1String("ruff")))
        return runHeader("poetry run make ruff")
               << "ruff check ." << coloured("32", "All checks passed!");
    if (job.contains(QLatin1String("black")))
        return runHeader("poetry run make black")
               << "black --check ."
               << coloured("1", "All done! \xe2\x9c\xa8 \xf0\x9f\x8d\xb0 \xe2\x9c\xa8")
               << coloured("34", "46 files") + " would be left unchanged.";
    return runHeader("poetry run make mypy")
           << "mypy core/ standalone/"
           << coloured("1;32", "Success: no issues found in 31 source files");
}

QByteArrayList migrations(const QString &release)
{
    QByteArrayList lines = runHeader("poetry run alembic upgrade head",
                                     {"DATABASE_URL: postgresql+psycopg://postgres:***@localhost:"
                                      "5432/context_test",
                                      "REDIS_URL: redis://localhost:6379/0"});
    lines << "INFO  [alembic.runtime.migration] Context impl PostgresqlImpl."
          << "INFO  [alembic.runtime.migration] Will assume transactional DDL."
          << "INFO  [alembic.runtime.migration] Running upgrade  -> 0001_start, Users and their "
             "conversations.";
    if (release == QLatin1String("9f3c2a1") || release == QLatin1String("c41d77e"))
        lines << "INFO  [tests.changes] conversations-organization-id: EXPAND applied to the test "
                 "database";
    return lines;
}

} // namespace

QByteArrayList ciStepLines(const JobRun &run, const JobStep &step, Sequence &sequence)
{
    const QByteArray sha = run.sha.toLatin1();
    if (step.name == QLatin1String("Set up Buildx"))
        return usesHeader("docker/setup-buildx-action@v3")
               << "##[group]Creating a new builder instance"
               << "builder-" + sequence.hex(12) << "##[endgroup]"
               << "##[group]Booting builder"
               << "#1 [internal] booting buildkit"
               << "#1 DONE 3.4s"
               << "##[endgroup]";
    if (step.name == QLatin1String("Log in to the registry"))
        return usesHeader("docker/login-action@v3", {"username: a-muster", "password: ***"})
               << "Login Succeeded!";
    if (step.name == QLatin1String("Build app image"))
        return dockerBuild("context-app", "docker/Dockerfile.app", sha, sequence);
    if (step.name == QLatin1String("Build migrations image"))
        return dockerBuild("context-migrations", "docker/Dockerfile.migrations", sha, sequence);
    if (step.name == QLatin1String("poetry install"))
        return poetryInstall(run.release);
    if (step.name == QLatin1String("Initialize containers"))
        return {"##[group]Starting postgres service container",
                "15.8: Pulling from library/postgres",
                "Status: Downloaded newer image for postgres:15.8",
                "##[endgroup]",
                "##[group]Starting redis service container",
                "Status: Downloaded newer image for redis:7.4.1-alpine",
                "##[endgroup]",
                "##[group]Waiting for all services to be ready",
                "postgres service is starting, waiting 2 seconds before checking again.",
                "postgres service is healthy.",
                "redis service is healthy.",
                "##[endgroup]"};
    if (step.name == QLatin1String("Stop containers"))
        return {"Print service container logs: postgres", "Stop and remove container: postgres",
                "Stop and remove container: redis"};
    if (step.name == QLatin1String("alembic upgrade"))
        return migrations(run.release);
    if (step.name == QLatin1String("pytest"))
        return run.job == QLatin1String("unit-tests") ? unitReport(sequence)
                                                      : integrationReport(run.release, sequence);
    if (step.name == QLatin1String("bandit"))
        return bandit();
    if (step.name == QLatin1String("pip-audit"))
        return runHeader("poetry run pip-audit --strict")
               << coloured("32", "No known vulnerabilities found");
    if (step.name == QLatin1String("Check"))
        return lintReport(run.job);
    if (step.name.startsWith(QLatin1String("Keep the ")))
        return usesHeader("actions/upload-artifact@v4")
               << "With the provided path, there will be 1 file uploaded"
               << "SHA256 digest of uploaded artifact zip is " + sequence.hex(64)
               << "Artifact has been successfully uploaded!";
    return {};
}

} // namespace pilothouse::sandbox
