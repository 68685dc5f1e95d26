#include "cli/rehearsalworld.h"

#include "app/wiring/places.h"
#include "support/commandlines.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

#include <memory>

using namespace pilothouse;

namespace {

const QByteArray ofGithub = "gho_thisIsTheTokenOfGithub1234567890abcd";
const QByteArray ofGoogle = "ya29.thisIsTheTokenOfGoogle-1234567890_abcd";

QByteArray contentOf(const QString &file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

} // namespace

/// A release moved and taken back on the rehearsal, where every login comes from a program: where
/// the tokens are seen meanwhile, and where they are left.
class SecretsTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<World> m_world;
    QString m_workspace; ///< the rehearsal's, with the logins of the programs
    QByteArrayList m_tokens;
    QByteArrayList m_leaks; ///< the command lines that a token stood in
    QSet<QString> m_seen;   ///< the programs of ours that were seen to run
    QByteArrayList m_outputs;

    [[nodiscard]] QString path(const QString &name) const
    {
        return m_world->home() + QLatin1Char('/') + name;
    }
    void write(const QString &name, const QByteArray &text, QFile::Permissions more = {}) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly)
                && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | more)
                && file.write(text) == text.size());
    }
    /// A program that takes its time, so that it is seen, and then prints this.
    void program(const QString &name, const QByteArray &printed) const
    {
        write(QStringLiteral("bin/%1.printed").arg(name), printed);
        write(QStringLiteral("bin/") + name, "#!/bin/sh\nsleep 0.3\ncat \"$0.printed\"\n",
              QFile::ExeOwner);
    }
    [[nodiscard]] bool holdsToken(const QByteArray &bytes) const
    {
        return std::any_of(m_tokens.cbegin(), m_tokens.cend(), [&bytes](const QByteArray &token) {
            return bytes.contains(token) || bytes.contains(token.toBase64());
        });
    }
    void lookAtCommandLines()
    {
        for (const QByteArray &line : commandLines()) {
            if (holdsToken(line))
                m_leaks.append(line);
            for (const char *name : {"gh", "gcloud", "sign-me-in"}) {
                if (line.contains(path(QStringLiteral("bin/") + QLatin1String(name)).toUtf8()
                                  + '\0'))
                    m_seen.insert(QString::fromLatin1(name));
            }
        }
    }
    Outcome run(const QStringList &arguments)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *place : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
            environment.insert(QString::fromLatin1(place), path(QStringLiteral("kept")));
        for (const char *token :
             {"GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"})
            environment.remove(QString::fromLatin1(token));
        environment.insert(QStringLiteral("PATH"),
                           path(QStringLiteral("bin")) + QStringLiteral(":/usr/bin:/bin"));
        process.setProcessEnvironment(environment);
        process.start(pilothouse::program("pilothouse-cli"),
                      arguments
                          + QStringList{QStringLiteral("--workspace"), m_workspace,
                                        QStringLiteral("--json")});
        for (int i = 0; i < patience / 20 && process.state() != QProcess::NotRunning; ++i) {
            lookAtCommandLines();
            process.waitForFinished(20);
        }
        Outcome outcome{process.exitCode(), {}, QString()};
        const QByteArray out = process.readAllStandardOutput();
        const QByteArray complaint = process.readAllStandardError();
        m_outputs << out << complaint;
        outcome.complaint = QString::fromUtf8(complaint);
        for (const QByteArray &line : out.split('\n')) {
            if (!line.isEmpty())
                outcome.lines.append(QJsonDocument::fromJson(line).object());
        }
        return outcome;
    }
    Outcome act(const char *command, const QStringList &more = {})
    {
        return run(QStringList{QLatin1String(command), QStringLiteral("--track"),
                               QStringLiteral("standalone"), QStringLiteral("--wait"),
                               QStringLiteral("5s")}
                   + more);
    }
    /// The rehearsal's own files, but for where the tokens come from.
    void signInByPrograms()
    {
        const QFileInfo own(m_world->workspace);
        const QString kubeconfig = own.dir().filePath(QStringLiteral("kubeconfig"));
        QByteArray cluster = contentOf(kubeconfig);
        static const QRegularExpression token(QStringLiteral("token: '([^']+)'\n"));
        const auto found = token.match(QString::fromUtf8(cluster));
        QVERIFY2(found.hasMatch(), "the rehearsal's kubeconfig has a token");
        m_tokens = {ofGithub, ofGoogle, found.captured(1).toUtf8()};
        cluster.replace(found.captured(0).toUtf8(),
                        "exec: {command: " + path(QStringLiteral("bin/sign-me-in")).toUtf8()
                            + ", apiVersion: client.authentication.k8s.io/v1, "
                              "interactiveMode: Never}\n");
        write(QStringLiteral("kubeconfig"), cluster);
        program(QStringLiteral("gh"), ofGithub + '\n');
        program(QStringLiteral("gcloud"), "{\"credential\": {\"access_token\": \"" + ofGoogle
                                              + "\", \"token_expiry\": \"2099-01-01T00:00:00Z\"}}");
        program(QStringLiteral("sign-me-in"),
                "{\"apiVersion\": \"client.authentication.k8s.io/v1\", \"kind\": "
                "\"ExecCredential\", \"status\": {\"token\": \""
                    + m_tokens.constLast() + "\"}}");
        QByteArray workspace = contentOf(m_world->workspace);
        workspace.replace(kubeconfig.toUtf8(), path(QStringLiteral("kubeconfig")).toUtf8());
        workspace.replace("\n  credential: none\n", "\n  credential: gh\n");
        workspace.replace("credential: none, api:", "credential: gcloud, api:");
        write(QStringLiteral("pilothouse.yaml"), workspace);
        m_workspace = path(QStringLiteral("pilothouse.yaml"));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_world = std::make_unique<World>(9, QString());
        QVERIFY(!m_world->workspace.isEmpty());
        signInByPrograms();
        QVERIFY(!QTest::currentTestFailed());
        qputenv("XDG_DATA_HOME", path(QStringLiteral("kept")).toUtf8()); // for journalFile()
        const QJsonDocument asked = QJsonDocument::fromJson([this] {
            run({QStringLiteral("consent")});
            return m_outputs.at(m_outputs.size() - 2);
        }());
        QCOMPARE(asked.array().size(), 1);
        const Outcome given = run({QStringLiteral("consent"), QStringLiteral("--confirm"),
                                   asked[0][QLatin1String("confirm")].toString()});
        QVERIFY2(given.code == 0, qPrintable(given.complaint));
        // The schema is read from the database, which fills its tables first.
        QTRY_VERIFY_WITH_TIMEOUT(
            act("promote").lines.value(0).value(QLatin1String("allowed")).toBool(), patience);
    }

    void aReleaseIsMovedAndTakenBack()
    {
        const Outcome promoted
            = act("promote", {QStringLiteral("--confirm"), QStringLiteral("50"),
                              QStringLiteral("--reason"), QStringLiteral("load test covers it")});
        QVERIFY2(promoted.code == 0, qPrintable(promoted.complaint));
        {
            // Whoever reads keeps SQLite's log beside the file.
            QSqlDatabase reader
                = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("reader"));
            reader.setDatabaseName(journalFile(m_workspace));
            QVERIFY(reader.open());
            QSqlQuery query(reader);
            QVERIFY(query.exec(QStringLiteral("SELECT count(*) FROM record")) && query.next());
            QVERIFY(query.value(0).toInt() >= 2);
        }
        const QString target
            = act("rollback").lines.value(0).value(QLatin1String("confirm")).toString();
        QVERIFY(!target.isEmpty());
        const Outcome back = act("rollback", {QStringLiteral("--confirm"), target});
        QVERIFY2(back.code == 0, qPrintable(back.complaint));
        const Outcome status = run({QStringLiteral("status"), QStringLiteral("--ready")});
        QVERIFY2(!status.lines.isEmpty(), qPrintable(status.complaint));
    }

    void noTokenStoodInACommandLine()
    {
        QCOMPARE(m_seen, (QSet<QString>{QStringLiteral("gh"), QStringLiteral("gcloud"),
                                        QStringLiteral("sign-me-in")}));
        QCOMPARE(m_leaks, QByteArrayList());
    }

    void noTokenWasPrinted()
    {
        for (const QByteArray &output : std::as_const(m_outputs))
            QVERIFY2(!holdsToken(output), output.constData());
    }

    void noTokenIsInWhatIsKept()
    {
        const QString journal = journalFile(m_workspace);
        QVERIFY(contentOf(journal).contains("standalone"));
        QVERIFY(contentOf(journal + QStringLiteral("-wal")).contains("standalone"));
        int files = 0;
        QDirIterator walk(path(QStringLiteral("kept")), QDir::Files | QDir::Hidden,
                          QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            ++files;
            const QString file = walk.next();
            QVERIFY2(!holdsToken(contentOf(file)), qPrintable(file));
        }
        QVERIFY(files > 3); // the journal's, the consent, the mirror
    }

    void cleanupTestCase()
    {
        QSqlDatabase::removeDatabase(QStringLiteral("reader"));
        m_world.reset();
    }
};

QTEST_GUILESS_MAIN(SecretsTest)
#include "secretstest.moc"
