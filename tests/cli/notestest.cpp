#include "connectors/git/scriptedrepository.h"

#include "support/places.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

struct Outcome
{
    int code = -1;
    QString out;
    QString err;
};

} // namespace

/// The program over a real repository: a release with a chart value and a package, and a branch
/// beside it.
class CliNotesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QByteArray lock = "[[package]]\nname = \"starlette\"\nversion = \"0.48.0\"\n";
        m_stable = m_scripted.commit(
            {.files = {{"helm/app/values.yaml", "pool: {size: 5}\n"}}, .message = "stable"});
        const CommitId release = m_scripted.commit(
            {.files = {{"helm/app/values.yaml", "pool: {size: 10}\n"}, {"poetry.lock", lock}},
             .parents = {m_stable},
             .message = "Scope search (#418)"});
        const CommitId beside = m_scripted.commit({.parents = {m_stable}, .message = "beside"});
        m_scripted.setReference("refs/heads/main", release);
        m_scripted.setReference("refs/heads/beside", beside);
        m_scripted.setReference("refs/tags/stable", m_stable);
        QFile file(m_folder.filePath(QStringLiteral("pilothouse.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("pilothouse: 1\nname: test\nrepository: {path: clone}\n");
    }

    void theNoteIsMarkdown()
    {
        const Outcome outcome = notes("stable", "main");
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.err, QString());
        const QStringList expected{
            QStringLiteral("1 commit by 1 person · 0 changes · chart values 1 · dependencies +1 · "
                           "workflows 0\n"),
            QStringLiteral("- Scope search (#418), A. Muster, `"),
            QStringLiteral("- `helm/app/values.yaml` `pool.size`: `5` → `10`\n"),
            QStringLiteral("- `starlette` `0.48.0`, new\n")};
        for (const QString &line : expected)
            QVERIFY2(outcome.out.contains(line), qPrintable(outcome.out));
    }

    void aWayBackAndABranchAreToldAsSuch_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("relation");
        QTest::addColumn<int>("brought");
        QTest::addColumn<int>("takenBack");
        const auto row = [](const char *from, const char *to, const char *relation, int brought,
                            int takenBack) {
            QTest::newRow(relation) << QString::fromLatin1(from) << QString::fromLatin1(to)
                                    << QString::fromLatin1(relation) << brought << takenBack;
        };
        row("stable", "main", "newer", 1, 0);
        row("main", "stable", "older", 0, 1);
        row("main", "beside", "unrelated", 1, 1);
        row("main", "main", "same", 0, 0);
    }

    void aWayBackAndABranchAreToldAsSuch()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(int, brought);
        QFETCH(int, takenBack);
        const Outcome outcome = run(
            {QStringLiteral("--json"), QStringLiteral("--from"), from, QStringLiteral("--to"), to});
        QCOMPARE(outcome.code, 0);
        const QJsonObject told = QJsonDocument::fromJson(outcome.out.toUtf8()).object();
        QTEST(told.value(QLatin1String("relation")).toString(), "relation");
        const auto count = [&told](const char *side) {
            return told.value(QLatin1String(side))
                .toObject()
                .value(QLatin1String("commits"))
                .toArray()
                .size();
        };
        QCOMPARE(count("brought"), brought);
        QCOMPARE(count("taken_back"), takenBack);
        const bool branch = told.value(QLatin1String("relation")) == QLatin1String("unrelated");
        QCOMPARE(told.value(QLatin1String("fork")).toString(), branch ? m_stable.value : QString());
    }

    void whatCannotBeToldIsComplainedAbout()
    {
        const Outcome nobody = notes("stable", "nobody");
        QCOMPARE(nobody.code, 2);
        QCOMPARE(nobody.out, QString());
        QVERIFY2(nobody.err.contains(QStringLiteral("\"nobody\"")), qPrintable(nobody.err));
        const Outcome half = run({QStringLiteral("--from"), QStringLiteral("main")});
        QCOMPARE(half.code, 2);
        QVERIFY2(half.err.contains(QStringLiteral("usage: pilothouse-cli notes --from")),
                 qPrintable(half.err));
    }

private:
    Outcome notes(const char *from, const char *to)
    {
        return run({QStringLiteral("--from"), QString::fromLatin1(from), QStringLiteral("--to"),
                    QString::fromLatin1(to)});
    }
    Outcome run(const QStringList &arguments)
    {
        QProcess program;
        program.setWorkingDirectory(m_folder.path());
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_CACHE_HOME"),
                           m_folder.filePath(QStringLiteral("cache")));
        program.setProcessEnvironment(environment);
        program.start(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-cli"),
                      QStringList{QStringLiteral("notes")} + arguments);
        if (!program.waitForFinished() || program.exitStatus() != QProcess::NormalExit)
            return {};
        return {program.exitCode(), QString::fromUtf8(program.readAllStandardOutput()),
                QString::fromUtf8(program.readAllStandardError())};
    }

    QTemporaryDir m_folder;
    ScriptedRepository m_scripted{m_folder.filePath(QStringLiteral("clone"))};
    CommitId m_stable;
};

QTEST_GUILESS_MAIN(CliNotesTest)
#include "notestest.moc"
