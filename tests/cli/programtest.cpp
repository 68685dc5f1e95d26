#include "ownhome.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

namespace {

struct Outcome
{
    int code = -1;
    QByteArray out;
    QByteArray err;
};

Outcome run(const QStringList &arguments)
{
    QProcess program;
    program.setWorkingDirectory(QStringLiteral(PILOTHOUSE_SOURCE_DIR));
    program.start(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-cli"), arguments);
    if (!program.waitForFinished() || program.exitStatus() != QProcess::NormalExit)
        return {};
    return {program.exitCode(), program.readAllStandardOutput(), program.readAllStandardError()};
}

/// The shared libraries that a program is loaded with, those of its libraries too.
QStringList librariesOf(const QString &program)
{
    QProcess ldd;
    ldd.start(QStringLiteral("ldd"), {program});
    if (!ldd.waitForFinished() || ldd.exitCode() != 0)
        return {};
    QStringList names;
    for (const QByteArray &line : ldd.readAllStandardOutput().split('\n'))
        names.append(QString::fromUtf8(line.trimmed()).section(QLatin1Char(' '), 0, 0));
    return names;
}

QString fixture(const char *name)
{
    return QStringLiteral("tests/pipeline/") + QString::fromLatin1(name);
}

} // namespace

class CliProgramTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itEndsWithACode_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("complaint");
        const QString pipeline = QStringLiteral("pipeline");
        QTest::newRow("a good file")
            << QStringList{pipeline, fixture("fixtures/ci.yml")} << 0 << QString();
        QTest::newRow("a folder") << QStringList{pipeline, fixture("fixtures")} << 0 << QString();
        QTest::newRow("a bad file")
            << QStringList{pipeline, fixture("comparison/workflows/bad-needs-cycle.yml")} << 1
            << QString();
        QTest::newRow("a good and a bad one") << QStringList{
            pipeline, fixture("fixtures/ci.yml"), fixture("comparison/workflows/bad-no-jobs.yml"),
            QStringLiteral("--json")} << 1 << QString();
        QTest::newRow("a file with a finding that blocks")
            << QStringList{pipeline, fixture("doctor/rules/PD-12.wrong.yml")} << 0 << QString();
        QTest::newRow("such a finding, if it is to count")
            << QStringList{pipeline, QStringLiteral("--fail-on=blocks"),
                           fixture("doctor/rules/PD-12.wrong.yml")}
            << 1 << QString();
        QTest::newRow("lesser findings, if graver ones are to count")
            << QStringList{pipeline, QStringLiteral("--fail-on=blocks"),
                           fixture("doctor/rules/PD-42.wrong.yml")}
            << 0 << QString();
        QTest::newRow("no such severity")
            << QStringList{pipeline, QStringLiteral("--fail-on=error"), fixture("fixtures")} << 2
            << QStringLiteral("--fail-on takes");
        const QString judge = QStringLiteral("judge");
        const QString vectors = QStringLiteral("--vectors");
        QTest::newRow("vectors that come out as expected")
            << QStringList{judge, vectors,
                           QStringLiteral("tests/rollout/judgement/vectors/"
                                          "canary_judge_vectors.json")}
            << 0 << QString();
        QTest::newRow("the same, exactly")
            << QStringList{judge,
                           vectors,
                           QStringLiteral("tests/rollout/judgement/vectors/"
                                          "canary_judge_vectors.json"),
                           QStringLiteral("--solver"),
                           QStringLiteral("exact"),
                           QStringLiteral("--json")}
            << 0 << QString();
        QTest::newRow("vectors that do not")
            << QStringList{judge, vectors,
                           QStringLiteral("tests/rollout/judgement/vectors/wrong.json")}
            << 1 << QString();
        QTest::newRow("an option of another command")
            << QStringList{judge, QStringLiteral("--commit")} << 2 << QStringLiteral("--commit");
        QTest::newRow("no vectors")
            << QStringList{judge} << 2 << QStringLiteral("which vectors, or --from when?");
        QTest::newRow("a file that is not there")
            << QStringList{judge, vectors, QStringLiteral("nowhere.json")} << 2
            << QStringLiteral("nowhere.json cannot be read");
        QTest::newRow("a file that holds something else")
            << QStringList{judge, vectors, fixture("fixtures/ci.yml")} << 2
            << QStringLiteral("no JSON");
        QTest::newRow("no such solver")
            << QStringList{judge, vectors, QStringLiteral("x.json"), QStringLiteral("--solver"),
                           QStringLiteral("guess")}
            << 2 << QStringLiteral("--solver takes");
        const QString lint = QStringLiteral("lint");
        const QStringList expand{QStringLiteral("--phase"), QStringLiteral("expand")};
        const auto sql = [](const char *name) {
            return QStringLiteral("tests/migration/lint/files/") + QString::fromLatin1(name);
        };
        QTest::newRow("a migration that stops writes")
            << QStringList{lint, sql("seed-expand.sql")} + expand << 1 << QString();
        QTest::newRow("one that stops nobody")
            << QStringList{lint, sql("safe-expand.sql")} + expand << 0 << QString();
        QTest::newRow("the same, where a tool wraps it")
            << QStringList{lint, sql("safe-expand.sql"), QStringLiteral("--in-transaction")}
                   + expand
            << 1 << QString();
        QTest::newRow("no phase") << QStringList{lint, sql("safe-expand.sql")} << 2
                                  << QStringLiteral("for which phase?");
        QTest::newRow("no such phase")
            << QStringList{lint, sql("safe-expand.sql"), QStringLiteral("--phase"),
                           QStringLiteral("extend")}
            << 2 << QStringLiteral("--phase takes");
        QTest::newRow("no such version")
            << QStringList{lint, sql("safe-expand.sql"), QStringLiteral("--pg"),
                           QStringLiteral("new")}
                   + expand
            << 2 << QStringLiteral("--pg takes a version");
        QTest::newRow("no such migration")
            << QStringList{lint, QStringLiteral("nowhere.sql")} + expand << 2
            << QStringLiteral("nowhere.sql cannot be read");
        QTest::newRow("nothing") << QStringList() << 2 << QStringLiteral("usage:");
        QTest::newRow("no such command")
            << QStringList{QStringLiteral("pipelin")} << 2 << QStringLiteral("\"pipeline\"");
        QTest::newRow("no path") << QStringList{pipeline} << 2 << QStringLiteral("usage:");
        QTest::newRow("no such option")
            << QStringList{pipeline, QStringLiteral("--jsom"), fixture("fixtures")} << 2
            << QStringLiteral("jsom");
        QTest::newRow("no such file") << QStringList{pipeline, QStringLiteral("nowhere.yml")} << 2
                                      << QStringLiteral("nowhere.yml is not there");
        QTest::newRow("a folder without workflows")
            << QStringList{pipeline, QStringLiteral("tests/cli")} << 2
            << QStringLiteral("no workflow file");
        QTest::newRow("help") << QStringList{QStringLiteral("--help")} << 0 << QString();
    }

    void itEndsWithACode()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, complaint);
        const Outcome outcome = run(arguments);
        QTEST(outcome.code, "code");
        QVERIFY2(outcome.err.contains(complaint.toUtf8()), outcome.err.constData());
        QCOMPARE(outcome.err.isEmpty(), complaint.isEmpty());
    }

    void itPrintsOneLineOfJson()
    {
        const Outcome outcome
            = run({QStringLiteral("pipeline"), fixture("fixtures"), QStringLiteral("--json")});
        QCOMPARE(outcome.out.count('\n'), 1);
        QJsonParseError error;
        const QJsonObject json = QJsonDocument::fromJson(outcome.out, &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(json[QLatin1String("workflows")].toArray().size(), 6);
        QCOMPARE(json[QLatin1String("workflows")][1][QLatin1String("path")].toString(),
                 fixture("fixtures/ci.yml"));
    }

    void itPrintsOneLineOfJsonForEachCase()
    {
        const Outcome outcome = run({QStringLiteral("judge"), QStringLiteral("--vectors"),
                                     QStringLiteral("tests/rollout/judgement/vectors/wrong.json")});
        QCOMPARE(outcome.out.count('\n'), 1);
        const QJsonObject line = QJsonDocument::fromJson(outcome.out).object();
        QCOMPARE(line[QLatin1String("case")].toString(),
                 QStringLiteral("one that passed has no score of 0"));
        QCOMPARE(line[QLatin1String("ok")], QJsonValue(false));
        QCOMPARE(line[QLatin1String("got")][QLatin1String("summaryScore")], QJsonValue(100));
        QCOMPARE(line[QLatin1String("expected")][QLatin1String("summaryScore")], QJsonValue(0));
    }

    void itNamesAProblemWhereItIs()
    {
        const QString file = fixture("comparison/workflows/bad-needs-unknown.yml");
        const Outcome outcome = run({QStringLiteral("pipeline"), file});
        QVERIFY2(outcome.out.contains((QStringLiteral("error: ") + file
                                       + QStringLiteral(":4:30: there is no job \"c\""))
                                          .toUtf8()),
                 outcome.out.constData());
    }

    void aLintIsToldForOtherPrograms()
    {
        const Outcome outcome = run(
            {QStringLiteral("lint"), QStringLiteral("tests/migration/lint/files/seed-expand.sql"),
             QStringLiteral("--phase"), QStringLiteral("expand"), QStringLiteral("--pg"),
             QStringLiteral("18.1"), QStringLiteral("--json")});
        QCOMPARE(outcome.code, 1);
        const QJsonObject told = QJsonDocument::fromJson(outcome.out).object();
        QCOMPARE(told[QLatin1String("server")].toInt(), 180001);
        QCOMPARE(told[QLatin1String("statements")].toInt(), 2);
        const QJsonArray findings = told[QLatin1String("findings")].toArray();
        const auto index
            = std::find_if(findings.cbegin(), findings.cend(), [](const QJsonValue &each) {
                  return each[QLatin1String("id")] == QLatin1String("IX01");
              });
        QVERIFY(index != findings.cend());
        QCOMPARE((*index)[QLatin1String("severity")].toString(), QStringLiteral("block"));
        QCOMPARE((*index)[QLatin1String("line")].toInt(), 3);
        QCOMPARE((*index)[QLatin1String("lock")].toString(), QStringLiteral("SHARE"));
        QCOMPARE((*index)[QLatin1String("table")].toString(), QStringLiteral("conversations"));
    }

    void aWorkspaceWithoutATrackHasNothingToDoForAnyCommand_data()
    {
        QTest::addColumn<QString>("command");
        for (const char *command : {"promote", "rollback", "hold", "lift", "retire", "guard"})
            QTest::newRow(command) << QString::fromLatin1(command);
    }
    void aWorkspaceWithoutATrackHasNothingToDoForAnyCommand()
    {
        QFETCH(QString, command);
        OwnHome home;
        home.set("XDG_DATA_HOME", home.path("data"));
        home.set("XDG_CACHE_HOME", home.path("cache"));
        home.write("pilothouse.yaml", "pilothouse: 1\nname: it\nrepository: {path: .}\n");
        const Ended ended = home.run({command});
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains("The workspace has no track.\n"), ended.err.constData());
    }

    /// It runs where there is no screen, nor what draws on one.
    void itNeedsNothingOfAWindow()
    {
        const QStringList needed
            = librariesOf(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-cli"));
        QVERIFY2(needed.filter(QStringLiteral("libQt6Core.so")).size() == 1,
                 qPrintable(needed.join(QLatin1Char(' '))));
        for (const char *library : {"libQt6Gui", "libQt6Widgets", "libQt6Charts", "libQt6Svg",
                                    "libQt6OpenGL", "SyntaxHighlighting", "libui_", "libconsole"})
            QCOMPARE(needed.filter(QLatin1String(library)), QStringList());
    }

    void aLintIsToldForAPerson()
    {
        const Outcome outcome = run({QStringLiteral("lint"),
                                     QStringLiteral("tests/migration/lint/files/seed-expand.sql"),
                                     QStringLiteral("--phase"), QStringLiteral("expand")});
        QVERIFY2(outcome.out.contains("seed-expand.sql:3:39: block IX01"), outcome.out.constData());
        QVERIFY2(outcome.out.contains("SHARE: stops writes and other DDL"),
                 outcome.out.constData());
        QVERIFY2(outcome.out.contains("CREATE INDEX CONCURRENTLY"), outcome.out.constData());
    }
};

QTEST_GUILESS_MAIN(CliProgramTest)
#include "programtest.moc"
