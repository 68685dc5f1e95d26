#include "release/compare/dependencies.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QByteArray poetryOld = "# generated\n\n[[package]]\nname = \"redis\"\nversion = \"6.4.0\"\n"
                             "description = \"a store\"\n\n[package.dependencies]\n"
                             "version = \"9\"\n\n[[package]]\nname = \"uvicorn\"\n"
                             "version = \"0.35.0\"\n\n[metadata]\nname = \"none\"\n";
const QByteArray poetryNew = "[[package]]\nname = \"starlette\"\nversion = \"0.48.0\"\n\n"
                             "[[package]]\nname = \"uvicorn\"\nversion = \"0.36.0\"\n";

QStringList linesOf(const DependencyFile &file)
{
    QStringList lines;
    for (const DependencyDifference &each : file.differences)
        lines.append(QStringLiteral("%1: %2 → %3")
                         .arg(each.name, each.before.isEmpty() ? QStringLiteral("–") : each.before,
                              each.after.isEmpty() ? QStringLiteral("–") : each.after));
    return lines;
}

} // namespace

class TestDependencies final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void packagesAreToldByName_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QStringList>("lines");
        const auto row = [](const char *name, const char *path, const QByteArray &before,
                            const QByteArray &after, const QStringList &lines) {
            QTest::newRow(name) << QString::fromLatin1(path) << before << after << lines;
        };
        const auto t = [](const char *text) {
            return QString::fromUtf8(text);
        };
        row("poetry's lock file", "poetry.lock", poetryOld, poetryNew,
            {t("redis: 6.4.0 → –"), t("starlette: – → 0.48.0"), t("uvicorn: 0.35.0 → 0.36.0")});
        row("a lock file that is new, in a folder", "web/uv.lock", "", poetryNew,
            {t("starlette: – → 0.48.0"), t("uvicorn: – → 0.36.0")});
        row("the same package in two versions", "Cargo.lock",
            "[[package]]\nname = \"a\"\nversion = \"1\"\n",
            "[[package]]\nname = \"a\"\nversion = \"2\"\n\n[[package]]\nname = \"a\"\n"
            "version = \"1\"\n",
            {t("a: 1 → 1, 2")});
        row("npm's lock file", "package-lock.json",
            R"({"packages": {"": {"version": "1.0"}, "node_modules/a": {"version": "1.1"},
                "node_modules/@x/b": {"version": "2.0"},
                "node_modules/a/node_modules/c": {"version": "3.0"}}})",
            R"({"packages": {"": {"version": "2.0"}, "node_modules/a": {"version": "1.2"},
                "node_modules/@x/b": {"version": "2.0"}}})",
            {t("a: 1.1 → 1.2"), t("c: 3.0 → –")});
        row("npm's older lock file", "package-lock.json",
            R"({"dependencies": {"a": {"version": "1.1"}}})",
            R"({"dependencies": {"a": {"version": "1.2"}}})", {t("a: 1.1 → 1.2")});
        row("pip's list", "requirements-dev.txt",
            "# tools\n-r base.txt\nPyTest==8.4.1 # fast\nruff>=0.13,<1\nblack\n",
            "pytest[all]==8.4.2 ; python_version > '3.8'\nruff>=0.13,<1\nblack\n"
            "psycopg_pool==3.2 \\\n    --hash=sha256:aa\n",
            {t("psycopg-pool: – → 3.2"), t("pytest: 8.4.1 → 8.4.2")});
        row("Go's modules", "go.mod",
            "module example.org/x\n\ngo 1.22\n\nrequire example.org/one v1.0.0\n\n"
            "require (\n\texample.org/two v0.1.0 // indirect\n)\n",
            "module example.org/x\n\ngo 1.23\n\nrequire (\n\texample.org/one v1.1.0\n"
            "\texample.org/two v0.1.0\n)\n",
            {t("example.org/one: v1.0.0 → v1.1.0")});
    }

    void packagesAreToldByName()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        const DependencyFile file = dependencyDifference(path, before, after);
        QTEST(linesOf(file), "lines");
        QCOMPARE(file.problem, QString());
    }

    void whatIsNotReadPackageByPackageIsSaid_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("a manifest") << QStringLiteral("pyproject.toml") << QByteArray("x = 1\n");
        QTest::newRow("checksums") << QStringLiteral("go.sum") << QByteArray("a v1 h1:\n");
        QTest::newRow("a lock file that is cut")
            << QStringLiteral("package-lock.json") << QByteArray("{\"packages\": {");
    }

    void whatIsNotReadPackageByPackageIsSaid()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, after);
        const DependencyFile file = dependencyDifference(path, {}, after);
        QVERIFY2(file.problem.startsWith(QStringLiteral("differs; ")), qPrintable(file.problem));
        QVERIFY(file.differences.isEmpty());
    }

    void aPackageInTwoFilesIsCountedOnce()
    {
        const auto t = [](const char *text) {
            return QString::fromLatin1(text);
        };
        const DependencyFile lock = dependencyDifference(t("poetry.lock"), poetryOld, poetryNew);
        const DependencyFile list
            = dependencyDifference(t("requirements.txt"), "uvicorn==0.35.0\n", "uvicorn==0.36.0\n");
        QCOMPARE(countDependencies({lock, list}), (DependencyCount{1, 1, 1}));
        QCOMPARE(countDependencies({}), (DependencyCount{0, 0, 0}));
    }
};

QTEST_GUILESS_MAIN(TestDependencies)
#include "testdependencies.moc"
