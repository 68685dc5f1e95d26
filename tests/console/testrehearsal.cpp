#include "app/console/rehearsal.h"
#include "app/console/startwindow.h"
#include "support/places.h"
#include "workspace/workspacefile.h"

#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

namespace {

constexpr int patienceMilliseconds = 60'000;

QString programAt(const char *name)
{
    return QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/") + QString::fromLatin1(name);
}

} // namespace

/// The rehearsal as the start page begins it.
class TestRehearsal final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qRegisterMetaType<pilothouse::Error>(); }

    void theButtonAsksForItOnce()
    {
        StartWindow start;
        start.showRecent({});
        start.show();
        auto *button = start.findChild<QPushButton *>(QStringLiteral("rehearseButton"));
        QVERIFY(button);
        QSignalSpy asked(&start, &StartWindow::rehearsalRequested);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        start.setRehearsing(true);
        QVERIFY(!button->isEnabled());
        QVERIFY(start.findChild<QLabel *>(QStringLiteral("startNotice"))
                    ->text()
                    .contains(QStringLiteral("servers are being started")));
        start.setRehearsing(false);
        QVERIFY(button->isEnabled());
    }

    void itsWorldRunsAndGoesWithIt()
    {
        QString workspace;
        {
            Rehearsal rehearsal(programAt("pilothouse-sandbox"));
            QSignalSpy ready(&rehearsal, &Rehearsal::ready);
            QSignalSpy failed(&rehearsal, &Rehearsal::failed);
            rehearsal.start();
            QVERIFY2(QTest::qWaitFor([&] { return !ready.isEmpty() || !failed.isEmpty(); },
                                     patienceMilliseconds),
                     "neither ready nor failed");
            QVERIFY2(failed.isEmpty(),
                     failed.isEmpty() ? ""
                                      : qPrintable(failed.first().first().value<Error>().message));
            workspace = ready.first().first().toString();
            const Result<Workspace> loaded = loadWorkspace(workspace);
            QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().detail));
            QCOMPARE(loaded->tracks.size(), 2);
        }
        QVERIFY(!QFileInfo::exists(workspace));
        QVERIFY(!QFileInfo::exists(QFileInfo(workspace).path()));
    }

    void aProgramThatIsNotThereIsSaid()
    {
        Rehearsal rehearsal(programAt("no-such-program"));
        QCOMPARE(whyItFailed(rehearsal),
                 QStringLiteral("The rehearsal could not begin: %1 is not there; packaging/run "
                                "builds it.")
                     .arg(programAt("no-such-program")));
    }

    void aProgramThatEndsIsSaid()
    {
        Rehearsal rehearsal(QStringLiteral("/bin/false"));
        QVERIFY(whyItFailed(rehearsal).contains(QStringLiteral("exit code 1")));
    }

    void aProgramThatSaysSomethingElseIsSaid()
    {
        Rehearsal rehearsal(QStringLiteral("/bin/echo"));
        QVERIFY(whyItFailed(rehearsal).contains(QStringLiteral("did not tell its workspace")));
    }

private:
    static QString whyItFailed(Rehearsal &rehearsal)
    {
        QSignalSpy failed(&rehearsal, &Rehearsal::failed);
        rehearsal.start();
        if (!QTest::qWaitFor([&] { return !failed.isEmpty(); }, patienceMilliseconds))
            return {};
        return failed.first().first().value<Error>().message;
    }
};

QTEST_MAIN(TestRehearsal)

#include "testrehearsal.moc"
