#include "app/console/start/startlines.h"

#include "console/testhome.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <sys/stat.h>

using namespace pilothouse;

namespace {

const QByteArray twoContexts = "contexts: [{name: staging, context: {cluster: c}}, "
                               "{name: prod, context: {cluster: c}}]\n"
                               "current-context: prod\n";

} // namespace

/// What stands in a home folder, and the lines that tell it.
class MachineTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TestHome> m_home;

    [[nodiscard]] QString path(const char *name) const { return m_home->path(name); }
    QString write(const char *name, const QByteArray &text) const
    {
        return m_home->write(name, text);
    }
    [[nodiscard]] StartLine cloneLine(const char *folder) const
    {
        return lineOf(cloneAround(path(folder)), path(folder), m_home->path());
    }
    [[nodiscard]] StartLine kubeconfigLine(const QStringList &paths) const
    {
        return lineOf(kubeconfigAmong(paths), m_home->path());
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<TestHome>();
        QVERIFY(m_home->isValid());
    }

    void theNearestCloneAboveIsFound()
    {
        write("src/outer/.git/HEAD", "");
        write("src/outer/inner/.git", "gitdir: elsewhere\n"); // a worktree's
        QVERIFY(QDir().mkpath(path("src/outer/inner/deep/deeper")));
        QVERIFY(QDir().mkpath(path("src/outer/other")));
        QCOMPARE(cloneAround(path("src/outer/inner/deep/deeper"))->folder, path("src/outer/inner"));
        QCOMPARE(cloneAround(path("src/outer/inner"))->folder, path("src/outer/inner"));
        QCOMPARE(cloneAround(path("src/outer/other"))->folder, path("src/outer"));
        QVERIFY(!cloneAround(path("src")));
        QVERIFY(!cloneAround(path("src/nowhere")));
    }

    void itsWorkflowsAreTheFilesThatGithubReads()
    {
        write("ci/.git/HEAD", "");
        write("ci/.github/workflows/b.yml", "");
        write("ci/.github/workflows/a.yaml", "");
        write("ci/.github/workflows/notes.md", "");
        write("ci/.github/workflows/old/c.yml", "");
        const auto clone = cloneAround(path("ci"));
        QVERIFY(clone);
        QCOMPARE(clone->workflows, (QStringList{QStringLiteral(".github/workflows/a.yaml"),
                                                QStringLiteral(".github/workflows/b.yml")}));
        QVERIFY(!clone->hasWorkspace);
        write("ci/pilothouse.yaml", "");
        QVERIFY(cloneAround(path("ci"))->hasWorkspace);
    }

    void aCloneIsToldWithWhatOpeningItDoes()
    {
        write("ci/.git/HEAD", "");
        StartLine line = cloneLine("ci");
        QCOMPARE(line.headline, QStringLiteral("Clone: ci, no workflows"));
        QCOMPARE(line.button, QStringLiteral("Make a Workspace"));
        write("ci/.github/workflows/a.yml", "");
        line = cloneLine("ci/.github");
        QCOMPARE(line.headline, QStringLiteral("Clone: ci, one workflow"));
        QCOMPARE(line.button, QStringLiteral("Draw Its Graph"));
        QVERIFY2(
            line.sentence.contains(QStringLiteral("writes one file, pilothouse.yaml, in ~/ci")),
            qPrintable(line.sentence));
        QCOMPARE(line.targets, QStringList{path("ci")});
        write("ci/.github/workflows/b.yml", "");
        write("ci/pilothouse.yaml", "");
        line = cloneLine("ci");
        QCOMPARE(line.headline, QStringLiteral("Clone: ci, 2 workflows"));
        QCOMPARE(line.button, QStringLiteral("Open It"));
        QVERIFY2(!line.sentence.contains(QStringLiteral("writes")), qPrintable(line.sentence));
        QCOMPARE(line.act, StartLine::Act::OpenClone);
    }

    void whereNoCloneIsTheFolderIsNamed()
    {
        QVERIFY(QDir().mkpath(path("empty")));
        const StartLine line = cloneLine("empty");
        QCOMPARE(line.act, StartLine::Act::ChooseClone);
        QVERIFY2(line.sentence.contains(QStringLiteral("~/empty")), qPrintable(line.sentence));
    }

    void aFolderWhoseNameBeginsAsHomesIsNotInIt()
    {
        const StartLine line
            = lineOf(std::nullopt, QStringLiteral("/home/annabel"), QStringLiteral("/home/anna"));
        QVERIFY2(line.sentence.contains(QStringLiteral("/home/annabel")),
                 qPrintable(line.sentence));
    }

    void contextsOfAllFilesAreNamedAndTheCurrentOne()
    {
        const StartLine line = kubeconfigLine(
            {path("nowhere"), write("a", twoContexts),
             write("b", "contexts: [{name: qa, context: {cluster: c}}]\ncurrent-context: qa\n")});
        QCOMPARE(line.headline, QStringLiteral("Kubeconfig: 3 contexts, prod is current"));
        QCOMPARE(line.targets, (QStringList{QStringLiteral("staging"), QStringLiteral("prod"),
                                            QStringLiteral("qa")}));
        QCOMPARE(line.current, QStringLiteral("prod"));
        QCOMPARE(line.act, StartLine::Act::CopyContext);
    }

    void aCurrentContextThatIsNotThereIsSaid()
    {
        const QByteArray one = "contexts: [{name: qa, context: {cluster: c}}]\n";
        QCOMPARE(kubeconfigLine({write("a", one)}).headline,
                 QStringLiteral("Kubeconfig: one context, none is current"));
        QCOMPARE(kubeconfigLine({write("b", one + "current-context: gone\n")}).headline,
                 QStringLiteral("Kubeconfig: one context; the current one, gone, is not there"));
    }

    void aBrokenKubeconfigSaysItsSentence()
    {
        const StartLine line = kubeconfigLine({write(".kube/config", "contexts: [{\n")});
        QCOMPARE(line.tone, Tone::Danger);
        QVERIFY2(line.sentence.startsWith(QStringLiteral("~/.kube/config:1:")),
                 qPrintable(line.sentence));
        QCOMPARE(line.act, StartLine::Act::LookAgain);
    }

    void anEmptyOneAndNoneAreToldApart()
    {
        const QString file = path(".kube/config");
        const StartLine none = kubeconfigLine({file});
        QCOMPARE(none.headline, QStringLiteral("No kubeconfig was found"));
        QVERIFY2(none.sentence.contains(QStringLiteral("~/.kube/config")),
                 qPrintable(none.sentence));
        const StartLine empty = kubeconfigLine({write(".kube/config", "contexts: []\n")});
        QCOMPARE(empty.headline, QStringLiteral("The kubeconfig names no context"));
        QCOMPARE(none.act, StartLine::Act::ChooseKubeconfig);
        QCOMPARE(empty.act, StartLine::Act::ChooseKubeconfig);
    }

    void aPipeIsLeftToWhomItIsMeantFor()
    {
        QCOMPARE(mkfifo(path("pipe").toLocal8Bit().constData(), 0600), 0);
        QVERIFY(!kubeconfigAmong({path("pipe")}).isThere);
    }

    void aContextIsCopiedAsATrackNamesIt()
    {
        FoundKubeconfig found = kubeconfigAmong({write("k", twoContexts)});
        QCOMPARE(contextKeys(found, QStringLiteral("prod")), QStringLiteral("context: 'prod'"));
        QCOMPARE(contextKeys(found, QStringLiteral("it's: #2")),
                 QStringLiteral("context: 'it''s: #2'"));
        found.origin = FoundKubeconfig::Origin::Chosen;
        QCOMPARE(contextKeys(found, QStringLiteral("prod")),
                 QStringLiteral("kubeconfig: '%1'\ncontext: 'prod'").arg(path("k")));
    }

    void everyStateOfAProgramHasAButtonThatDoesSomething_data()
    {
        QTest::addColumn<VendorState>("state");
        QTest::addColumn<QString>("headline");
        QTest::addColumn<StartLine::Act>("act");
        using State = VendorState::State;
        using Act = StartLine::Act;
        const auto row = [](const char *name, State state, const char *headline, Act act) {
            QTest::newRow(name) << VendorState{state, QStringLiteral("Why.")}
                                << QString::fromLatin1(headline) << act;
        };
        row("missing", State::Missing, "gcloud was not found", Act::ShowInstalling);
        row("there", State::There, "gcloud was found", Act::AskSignIn);
        row("asking", State::Asking, "gcloud was found", Act::AskSignIn);
        row("signed in", State::SignedIn, "gcloud is signed in", Act::AskSignIn);
        row("signed out", State::SignedOut, "gcloud was found", Act::SignIn);
        row("signing in", State::SigningIn, "gcloud waits for you in the browser",
            Act::CancelSignIn);
        row("unknown", State::Unknown, "gcloud was found", Act::AskSignIn);
    }
    void everyStateOfAProgramHasAButtonThatDoesSomething()
    {
        QFETCH(VendorState, state);
        const StartLine line = lineOf(VendorProgram::Gcloud, state);
        QTEST(line.headline, "headline");
        QTEST(line.act, "act");
        QVERIFY(!line.button.isEmpty() && !line.spoken.isEmpty() && !line.sentence.isEmpty());
        const bool hasReason = state.state == VendorState::State::SignedOut
                               || state.state == VendorState::State::SigningIn
                               || state.state == VendorState::State::Unknown;
        QCOMPARE(line.sentence == state.why, hasReason);
    }
};

QTEST_GUILESS_MAIN(MachineTest)
#include "machinetest.moc"
