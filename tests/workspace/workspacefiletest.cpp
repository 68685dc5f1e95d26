#include "workspace/workspacefile.h"
#include "support/places.h"
#include "workspace/localoverrides.h"
#include "workspace/workspacereader.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

QString templatePath(const char *name)
{
    return QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/templates/") + QLatin1String(name);
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The keys that the reader knows in one map, as it tells them to somebody who misspells one.
QStringList keysOf(const QByteArray &content)
{
    static const QRegularExpression list(
        QStringLiteral("\"zzz\" is no key of .*; expected one of (.*)$"));
    const auto workspace = readWorkspace(content, QStringLiteral("f"));
    if (workspace)
        return {};
    for (const Problem &problem : workspace.error().list()) {
        const auto match = list.match(problem.message);
        if (match.hasMatch())
            return match.captured(1).split(QStringLiteral(", "));
    }
    return {};
}

} // namespace

class WorkspaceFileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theCompleteExampleHasNoProblem();
    void theLeastExampleHasNoProblem();
    void theExampleOfOverridesFitsTheCompleteOne();
    void everyKeyIsInTheReferenceAndInTheExample_data();
    void everyKeyIsInTheReferenceAndInTheExample();
    void isReadFromDisk();
    void takesTheOverridesBesideIt();
    void saysWhichFileIsWrong();
    void saysThatThereIsNoFile();
    void refusesAFolder();
    void refusesAHugeFile();

private:
    void write(const char *name, const QByteArray &content);
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder->filePath(QString(QLatin1String(name)));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void WorkspaceFileTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void WorkspaceFileTest::write(const char *name, const QByteArray &content)
{
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

void WorkspaceFileTest::theCompleteExampleHasNoProblem()
{
    const auto workspace = readWorkspace(contentOf(templatePath("pilothouse.yaml")),
                                         templatePath("pilothouse.yaml"));
    QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().toError().detail));
    QCOMPARE(workspace->tracks.size(), 3);
    QCOMPARE(workspace->databases.size(), 2);
    QCOMPARE(workspace->alsoLive.size(), 1);
    QCOMPARE(workspace->freeze.size(), 1);
    QVERIFY(workspace->prometheus->address.plain);
    QCOMPARE(workspace->alertmanager->user, QStringLiteral("console"));
    QCOMPARE(int(workspace->alertmanager->credential.kind), int(CredentialChoice::Kind::File));
}

void WorkspaceFileTest::theLeastExampleHasNoProblem()
{
    const QString file = templatePath("minimal.yaml");
    const auto workspace = readWorkspace(contentOf(file), file);
    QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().toError().detail));
    QVERIFY(workspace->tracks.isEmpty());
    QVERIFY(!workspace->repository.path.isEmpty());
}

void WorkspaceFileTest::theExampleOfOverridesFitsTheCompleteOne()
{
    const QString file = templatePath("pilothouse.yaml");
    const auto complete = readWorkspace(contentOf(file), file);
    QVERIFY(complete.has_value());
    const QString local = templatePath("local.yaml");
    const auto workspace = withLocalOverrides(*complete, contentOf(local), local);
    QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().toError().detail));
    QCOMPARE(std::get<HttpRouteSettings>(workspace->tracks.at(0).control).at.context,
             QStringLiteral("prod-eu"));
    QCOMPARE(workspace->alsoLive.at(0).context, QStringLiteral("prod-eu"));
    QVERIFY(workspace->repository.credential.kind == CredentialChoice::Kind::Environment);
}

void WorkspaceFileTest::everyKeyIsInTheReferenceAndInTheExample_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("keys");
    const QByteArray run = "kind: cloud-run, project: p, region: r, service: s";
    const auto row = [](const char *name, const QByteArray &content, int keys) {
        QTest::newRow(name) << QByteArray("pilothouse: 1\n") + content << keys;
    };
    row("the top", "zzz: 1\n", 12);
    row("environment", "environment: {zzz: 1}\n", 2);
    row("repository", "repository: {zzz: 1}\n", 5);
    row("prometheus", "prometheus: {zzz: 1}\n", 5);
    row("alertmanager", "alertmanager: {zzz: 1}\n", 5);
    row("a track", "tracks: {t: {zzz: 1}}\n", 12);
    row("a guard", "tracks: {t: {guard: {zzz: 1}}}\n", 2);
    row("an http-route", "tracks: {t: {control: {kind: http-route, zzz: 1}}}\n", 8);
    row("a helm-value", "tracks: {t: {control: {kind: helm-value, zzz: 1}}}\n", 9);
    row("the route of a helm-value",
        "tracks: {t: {control: {kind: helm-value, context: c, namespace: n, release: r, chart: "
        "a/b, "
        "route: {kind: http-route, zzz: 1}}}}\n",
        4);
    row("a build",
        "tracks: {t: {control: {" + run + "}, build: {kind: cloud-build, project: p, zzz: 1}}}\n",
        8);
    row("a cloud-run", "tracks: {t: {control: {" + run + ", zzz: 1}}}\n", 7);
    row("an argo-rollout", "tracks: {t: {control: {kind: argo-rollout, zzz: 1}}}\n", 5);
    row("an nginx-canary", "tracks: {t: {control: {kind: nginx-canary, zzz: 1}}}\n", 8);
    row("an istio", "tracks: {t: {control: {kind: istio, zzz: 1}}}\n", 9);
    row("a flagger", "tracks: {t: {control: {kind: flagger, zzz: 1}}}\n", 5);
    row("a stage", "tracks: {t: {plan: [{zzz: 1}]}}\n", 2);
    row("a check", "tracks: {t: {analysis: [{zzz: 1}]}}\n", 15);
    row("an error ratio", "tracks: {t: {analysis: [{template: error-ratio, zzz: 1}]}}\n", 16);
    row("a p95", "tracks: {t: {analysis: [{template: p95, zzz: 1}]}}\n", 15);
    row("a saturation", "tracks: {t: {analysis: [{template: saturation, zzz: 1}]}}\n", 16);
    row("a saturation beside a check",
        "tracks: {t: {analysis: [{scales: true, saturation: {zzz: 1}}]}}\n", 5);
    row("a series", "tracks: {t: {series: {zzz: 1}}}\n", 3);
    row("a database", "databases: {d: {zzz: 1}}\n", 9);
    row("where a database is rehearsed", "databases: {d: {service: s, rehearse_on: {zzz: 1}}}\n",
        5);
    row("also_live", "also_live: [{zzz: 1}]\n", 7);
    row("limits", "limits: {zzz: 1}\n", 2);
    row("freeze", "freeze: [{zzz: 1}]\n", 4);
}

void WorkspaceFileTest::everyKeyIsInTheReferenceAndInTheExample()
{
    QFETCH(QByteArray, content);
    QFETCH(int, keys);
    const QStringList known = keysOf(content);
    QCOMPARE(int(known.size()), keys);
    const QString reference = QString::fromUtf8(contentOf(templatePath("pilothouse.md")));
    const QString example = QString::fromUtf8(contentOf(templatePath("pilothouse.yaml"))
                                              + contentOf(templatePath("controls.yaml")));
    for (const QString &key : known) {
        QVERIFY2(reference.contains(QStringLiteral("`%1`").arg(key)), qPrintable(key));
        QVERIFY2(example.contains(key + QLatin1Char(':')), qPrintable(key));
    }
}

void WorkspaceFileTest::isReadFromDisk()
{
    write("w.yaml", "pilothouse: 1\nname: n\nrepository: {path: clone}\n");
    const auto workspace = loadWorkspace(path("w.yaml"));
    QVERIFY(workspace.has_value());
    QCOMPARE(workspace->file, path("w.yaml"));
    QCOMPARE(workspace->repository.path, path("clone"));
}

void WorkspaceFileTest::takesTheOverridesBesideIt()
{
    write("w.yaml", "pilothouse: 1\nname: n\nrepository: {path: clone}\n");
    write("pilothouse.local.yaml", "repository: {path: mine}\n");
    const auto workspace = loadWorkspace(path("w.yaml"));
    QVERIFY(workspace.has_value());
    QCOMPARE(workspace->repository.path, path("mine"));
}

void WorkspaceFileTest::saysWhichFileIsWrong()
{
    write("w.yaml", "pilothouse: 1\nnmae: n\nrepository: {path: clone, gihub: o/r}\n");
    write("pilothouse.local.yaml", "name: x\n");
    auto workspace = loadWorkspace(path("w.yaml"));
    QVERIFY(!workspace);
    QCOMPARE(workspace.error().kind, ErrorKind::BadInput);
    QVERIFY(
        workspace.error().message.startsWith(path("w.yaml") + QStringLiteral(":2:1: \"nmae\"")));
    QVERIFY(workspace.error().message.endsWith(QStringLiteral("(and 1 more)")));
    QCOMPARE(workspace.error().detail.count(QLatin1Char('\n')), 1);

    write("w.yaml", "pilothouse: 1\nname: n\nrepository: {path: clone}\n");
    workspace = loadWorkspace(path("w.yaml"));
    QVERIFY(!workspace);
    QVERIFY(workspace.error().message.startsWith(path("pilothouse.local.yaml")
                                                 + QStringLiteral(":1:1: \"name\"")));
}

void WorkspaceFileTest::saysThatThereIsNoFile()
{
    const auto workspace = loadWorkspace(path("none.yaml"));
    QVERIFY(!workspace);
    QCOMPARE(workspace.error().kind, ErrorKind::NotFound);
    QVERIFY(workspace.error().message.contains(path("none.yaml")));
}

void WorkspaceFileTest::refusesAFolder()
{
    const auto workspace = loadWorkspace(m_folder->path());
    QVERIFY(!workspace);
    QCOMPARE(workspace.error().kind, ErrorKind::NotAllowed);
}

void WorkspaceFileTest::refusesAHugeFile()
{
    write("w.yaml", QByteArray(3 << 20, '#'));
    const auto workspace = loadWorkspace(path("w.yaml"));
    QVERIFY(!workspace);
    QCOMPARE(workspace.error().kind, ErrorKind::BadInput);
    QVERIFY(workspace.error().message.contains(QStringLiteral("1,048,576 bytes")));
}

QTEST_GUILESS_MAIN(WorkspaceFileTest)
#include "workspacefiletest.moc"
