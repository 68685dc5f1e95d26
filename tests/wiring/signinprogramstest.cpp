#include "app/wiring/signin/signinprograms.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class SignInProgramsTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    QString kubeconfig()
    {
        QFile file(m_dir.filePath(QStringLiteral("config")));
        const QByteArray content = "clusters: [{name: c, cluster: {server: 'https://h'}}]\n"
                                   "contexts:\n- {name: plugin, context: {cluster: c, user: p}}\n"
                                   "- {name: token, context: {cluster: c, user: t}}\n"
                                   "users:\n- {name: t, user: {token: t}}\n"
                                   "- {name: p, user: {exec: {command: login, "
                                   "apiVersion: client.authentication.k8s.io/v1beta1}}}\n";
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the test cannot write its file");
        return file.fileName();
    }
    static TrackSettings track(const QString &file, const char *context)
    {
        HttpRouteSettings route;
        route.at.kubeconfig = file;
        route.at.context = QString::fromLatin1(context);
        TrackSettings settings;
        settings.control = route;
        return settings;
    }

private Q_SLOTS:
    void eachClusterIsLookedAtOnce()
    {
        Workspace workspace;
        const QString file = kubeconfig();
        workspace.tracks = {track(file, "plugin"), track(file, "token"), track(file, "plugin")};
        AlsoLive worker;
        worker.kubeconfig = file;
        worker.context = QStringLiteral("plugin");
        workspace.alsoLive = {worker};
        const auto programs = signInPrograms(workspace);
        QCOMPARE(programs.size(), 1);
        QVERIFY(programs[0].has_value());
        QCOMPARE(programs[0]->command, QStringLiteral("login"));
        QCOMPARE(programs[0]->context, QStringLiteral("plugin"));
    }

    void everyKindOfTrackInAClusterCounts()
    {
        HelmSettings helm;
        helm.at = {kubeconfig(), QStringLiteral("plugin"), {}};
        NginxCanarySettings nginx;
        nginx.at = {kubeconfig(), QStringLiteral("token"), {}};
        Workspace workspace;
        workspace.tracks.resize(2);
        workspace.tracks[0].control = helm;
        workspace.tracks[1].control = nginx;
        const auto programs = signInPrograms(workspace);
        QCOMPARE(programs.size(), 1);
        QVERIFY(programs[0].has_value());
        QCOMPARE(programs[0]->command, QStringLiteral("login"));
    }

    void whatCannotBeReadIsTold()
    {
        Workspace workspace;
        workspace.tracks = {track(m_dir.filePath(QStringLiteral("nowhere")), "plugin")};
        const auto programs = signInPrograms(workspace);
        QCOMPARE(programs.size(), 1);
        QVERIFY(!programs[0]);
    }

    void otherTracksNeedNone()
    {
        Workspace workspace;
        TrackSettings run;
        run.control = CloudRunSettings();
        workspace.tracks = {run};
        QVERIFY(signInPrograms(workspace).isEmpty());
    }
};

QTEST_GUILESS_MAIN(SignInProgramsTest)
#include "signinprogramstest.moc"
